package dev.pointsman.balancer.config;

import dev.pointsman.balancer.tls.BadTlsFileException;
import dev.pointsman.balancer.tls.CertificateFiles;
import dev.pointsman.balancer.tls.CertificateFolder;
import dev.pointsman.balancer.tls.PemFile;
import dev.pointsman.balancer.tls.ServerCertificate;
import dev.pointsman.settings.Option;
import dev.pointsman.settings.Setting;
import dev.pointsman.settings.Settings;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A reader of the ports for clients, and of the TLS that is spoken on them. */
final class TlsReader {
    private final Settings settings;
    private final boolean looksAtFiles;
    private boolean mayHaveTls;

    /**
     * A reader.
     *
     * @param settings takes the problems
     * @param looksAtFiles whether certificates are read, to find out whether they can be used
     */
    TlsReader(Settings settings, boolean looksAtFiles) {
        this.settings = settings;
        this.looksAtFiles = looksAtFiles;
    }

    /**
     * The ports for clients, at least one; the first is that of a balancer with one alone.
     *
     * @param ports takes them
     */
    List<Listener> listeners(PortsTogether ports) {
        List<Setting> given = settings.inForce(TlsSettings.LISTEN.key());
        return given.isEmpty() ? List.of(single(ports)) : several(given, ports);
    }

    private Listener single(PortsTogether ports) {
        Setting port = settings.last(BalancerSettings.PORT.key());
        Setting host = settings.last(BalancerSettings.HOST.key());
        ListenAddress address =
                new ListenAddress(settings.get(BalancerSettings.HOST), settings.get(BalancerSettings.PORT));
        Setting place = port == null ? host : port;
        ports.add(address, place == null ? null : place.source(), BalancerSettings.PORT.key());
        return new Listener(address, false);
    }

    private List<Listener> several(List<Setting> given, PortsTogether ports) {
        List<Listener> listeners = new ArrayList<>();
        for (Setting each : given) {
            if (OptionText.refuseFlagForm(each, ";", "{address: \":8443\", tls: true}", settings)) {
                mayHaveTls = true;
                continue;
            }
            int before = settings.problems().size();
            Setting whole = withParts(each, TlsSettings.LISTEN);
            Settings parts = new Settings(whole.parts(), settings.problems());
            ListenAddress address = parts.find(TlsSettings.ADDRESS);
            boolean tls = parts.get(TlsSettings.WITH_TLS);
            boolean proxyProtocol = parts.get(TlsSettings.PROXY_PROTOCOL);
            // What cannot be read may have been meant to have TLS.
            mayHaveTls |= tls || !whole.isComplete() || settings.problems().size() > before;
            if (address == null) {
                refuseWithout(TlsSettings.ADDRESS, whole, ":8443");
                continue;
            }
            if (listeners.stream().anyMatch(other -> isSame(other.address(), address))) {
                settings.problem(each.source() + ": \"" + address + "\" twice (expected: each address once)");
            } else {
                ports.add(address, each.source(), TlsSettings.LISTEN.key());
            }
            ProxySenders.refuseNone(proxyProtocol, each, settings);
            listeners.add(new Listener(address, tls, proxyProtocol, null));
        }
        for (Option<?> other : List.of(BalancerSettings.PORT, BalancerSettings.HOST)) {
            Setting beside = settings.last(other.key());
            if (beside != null) {
                settings.problem(
                        beside.source() + ": \"" + beside.written() + "\" beside listen (expected: one of them)");
            }
        }
        return listeners.isEmpty()
                ? List.of(new Listener(new ListenAddress("0.0.0.0", BalancerSettings.PORT.defaultValue()), false))
                : listeners;
    }

    private static boolean isSame(ListenAddress one, ListenAddress other) {
        return one.equals(other) && one.port() != 0;
    }

    /** The certificates and the rules of TLS. */
    TlsConfig read(List<Listener> listeners) {
        List<CertificateFiles> certificates = new ArrayList<>();
        settings.inForce(TlsSettings.TLS.key()).forEach(each -> addCertificate(each, certificates));
        CertificateFolder folder = folder();
        boolean anyTls = listeners.stream().anyMatch(Listener::tls);
        Setting listen = settings.last(TlsSettings.LISTEN.key());
        boolean anyCertificate = folder != null || settings.last(TlsSettings.TLS.key()) != null;
        if (anyTls && !anyCertificate && listen != null && !isRefused(TlsSettings.TLS, TlsSettings.TLS_DIR)) {
            settings.problem(listen.source() + ": TLS without a certificate (expected: one by tls or tls-dir)");
        }
        for (Option<?> row : List.of(
                TlsSettings.TLS, TlsSettings.TLS_DIR, TlsSettings.CLIENT_CA, TlsSettings.REDIRECT, TlsSettings.HSTS)) {
            refuseWithoutListener(row);
        }
        refuseRedirectToAnyPort(listeners);
        return new TlsConfig(
                certificates,
                folder,
                clientCa(),
                settings.get(TlsSettings.CLIENT_AUTH),
                settings.get(TlsSettings.FROM_TLS_13),
                settings.get(TlsSettings.ENGINE),
                settings.get(TlsSettings.REDIRECT),
                settings.get(TlsSettings.HSTS, TlsConfig.NONE));
    }

    /** Whether values of these were so wrong that nothing is left of them, which has been told. */
    private boolean isRefused(Option<?>... rows) {
        return Arrays.stream(rows).map(row -> ": " + row.key() + ": ").anyMatch(place -> settings.problems().stream()
                .anyMatch(problem -> problem.contains(place)));
    }

    /** Which number a port 0 becomes is known too late, and to no client. */
    private void refuseRedirectToAnyPort(List<Listener> listeners) {
        Setting given = settings.last(TlsSettings.REDIRECT.key());
        boolean toFirst = given != null && settings.get(TlsSettings.REDIRECT) == 0;
        boolean isAny = listeners.stream()
                .filter(Listener::tls)
                .findFirst()
                .map(first -> first.address().port() == 0)
                .orElse(false);
        if (toFirst && isAny && given != null) {
            settings.problem(
                    given.source() + ": the first listener with TLS has port 0, so that nobody knows where to go"
                            + " (expected: the port by which clients reach it, such as redirect-to-https: 443)");
        }
    }

    private void refuseWithoutListener(Option<?> row) {
        Setting given = settings.last(row.key());
        if (given != null && !mayHaveTls && !given.value().equals("false")) {
            settings.problem(
                    given.source()
                            + ": nothing listens with TLS (expected: listen with such a one, as {address: \":8443\", tls: true})");
        }
    }

    private void addCertificate(Setting setting, List<CertificateFiles> into) {
        if (OptionText.refuseFlagForm(setting, ";key=", "{cert: FILE, key: FILE}", settings)) {
            return;
        }
        Setting whole = withParts(setting, TlsSettings.TLS);
        Settings parts = new Settings(whole.parts(), settings.problems());
        Setting cert = parts.last(TlsSettings.CERT.key());
        if (cert == null) {
            refuseWithout(TlsSettings.CERT, whole, "/etc/pointsman/example.com.crt");
            return;
        }
        Setting key = parts.last(TlsSettings.KEY.key());
        Path certFile = path(cert);
        Path keyFile = key == null ? certFile : path(key);
        if (certFile == null || keyFile == null) {
            return;
        }
        CertificateFiles files = new CertificateFiles(certFile, keyFile);
        into.add(files);
        if (whole.isComplete()) {
            check(setting, files);
        }
    }

    private void check(Setting setting, CertificateFiles files) {
        if (looksAtFiles) {
            try {
                ServerCertificate unused = ServerCertificate.read(files);
            } catch (BadTlsFileException bad) {
                settings.problem(setting.source() + ": " + bad.getMessage());
            }
        }
    }

    private @Nullable CertificateFolder folder() {
        Setting setting = settings.last(TlsSettings.TLS_DIR.key());
        Path path = setting == null ? null : path(setting);
        if (setting == null || path == null) {
            return null;
        }
        CertificateFolder folder = new CertificateFolder(path);
        if (looksAtFiles) {
            try {
                List<CertificateFiles> files = folder.files();
                files.forEach(each -> check(setting, each));
                if (files.isEmpty() && settings.last(TlsSettings.TLS.key()) == null) {
                    settings.problem(setting, "a folder with a certificate, NAME.crt or NAME.pem");
                }
            } catch (BadTlsFileException bad) {
                settings.problem(setting.source() + ": " + bad.getMessage());
            }
        }
        return folder;
    }

    private @Nullable Path clientCa() {
        Setting setting = settings.last(TlsSettings.CLIENT_CA.key());
        Path file = setting == null ? null : path(setting);
        if (setting != null && file != null && looksAtFiles) {
            try {
                var unused = PemFile.read(file).certificates();
            } catch (BadTlsFileException bad) {
                settings.problem(setting.source() + ": " + bad.getMessage());
            }
        }
        Setting auth = settings.last(TlsSettings.CLIENT_AUTH.key());
        if (auth != null && setting == null) {
            settings.problem(auth.source() + ": without client-ca (expected: both, or neither)");
        }
        return file;
    }

    private @Nullable Path path(Setting setting) {
        try {
            if (!setting.value().isBlank()) {
                return Path.of(setting.value().strip()).toAbsolutePath();
            }
        } catch (InvalidPathException noPath) {
            // reported below with all the rest
        }
        settings.problem(setting, "a path");
        return null;
    }

    private void refuseWithout(Option<?> main, Setting whole, String example) {
        if (whole.isComplete()
                && whole.parts().stream().noneMatch(part -> part.key().equals(main.key()))) {
            settings.problem(whole.source() + ": no " + main.key() + ": (expected: one such as " + example + ")");
        }
    }

    /** A value with its parts; of a flag they stand in its text: the main one, then the others behind semicolons. */
    private Setting withParts(Setting setting, Option<?> row) {
        if (!setting.isFlag()) {
            return setting;
        }
        String main = row.parts().get(0).key() + "=";
        List<String> texts = new ArrayList<>(Arrays.asList(setting.value().split(";", -1)));
        if (!texts.get(0).strip().startsWith(main)) {
            texts.set(0, main + texts.get(0));
        }
        return OptionText.group(texts, row.partTable(), setting, settings::problem);
    }
}

package dev.pointsman.balancer.config;

import dev.pointsman.balancer.tls.BadTlsFileException;
import dev.pointsman.balancer.tls.CertificateFiles;
import dev.pointsman.balancer.tls.PemFile;
import dev.pointsman.balancer.tls.ServerCertificate;
import dev.pointsman.balancer.tls.UpstreamTls;
import dev.pointsman.settings.Option;
import dev.pointsman.settings.Setting;
import dev.pointsman.settings.Settings;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A reader of the files by which connections to instances are secured. Problems are added to its settings. */
final class UpstreamTlsReader {
    private static final List<Option<String>> FILES =
            List.of(TransportSettings.UPSTREAM_CA, TransportSettings.UPSTREAM_CERT, TransportSettings.UPSTREAM_KEY);

    private final Settings settings;

    private UpstreamTlsReader(Settings settings) {
        this.settings = settings;
    }

    /** The files that settings name, to be looked at for a change. Blocks on the disk. */
    static List<NamedFile> files(List<Setting> given) {
        Settings settings = new Settings(given);
        List<NamedFile> files = new ArrayList<>();
        for (Option<String> each : FILES) {
            Setting setting = settings.last(each.key());
            if (setting != null) {
                try {
                    files.add(
                            NamedFile.read(each.key(), Path.of(setting.value()).toAbsolutePath()));
                } catch (InvalidPathException noPath) {
                    // Told when it is read.
                }
            }
        }
        return files;
    }

    /**
     * Reads the files. Blocks on the disk.
     *
     * @param looksAtFiles whether files that are named are looked at, or count as not named
     */
    static UpstreamTls read(Settings settings, boolean looksAtFiles) {
        boolean named = FILES.stream().anyMatch(each -> settings.last(each.key()) != null);
        return named && looksAtFiles ? new UpstreamTlsReader(settings).read() : UpstreamTls.OF_JDK;
    }

    private UpstreamTls read() {
        List<X509Certificate> authorities = null;
        Setting ca = settings.last(TransportSettings.UPSTREAM_CA.key());
        if (ca != null) {
            try {
                authorities = PemFile.read(path(ca)).certificates();
            } catch (BadTlsFileException bad) {
                settings.problem(ca.source() + ": " + bad.getMessage());
            } catch (InvalidPathException noPath) {
                settings.problem(ca, "the path of a PEM file");
            }
        }
        return new UpstreamTls(authorities, own());
    }

    private @Nullable ServerCertificate own() {
        Setting cert = settings.last(TransportSettings.UPSTREAM_CERT.key());
        Setting key = settings.last(TransportSettings.UPSTREAM_KEY.key());
        if (cert == null || key == null) {
            Stream.of(cert, key)
                    .filter(each -> each != null)
                    .forEach(alone -> settings.problem(
                            alone.source() + ": alone (expected: both upstream-cert and upstream-key, or neither)"));
            return null;
        }
        try {
            return ServerCertificate.read(new CertificateFiles(path(cert), path(key)));
        } catch (BadTlsFileException bad) {
            settings.problem(cert.source() + ": " + bad.getMessage());
        } catch (InvalidPathException noPath) {
            settings.problem(cert, "the path of a PEM file, as for upstream-key");
        }
        return null;
    }

    private static Path path(Setting setting) {
        return Path.of(setting.value()).toAbsolutePath();
    }
}

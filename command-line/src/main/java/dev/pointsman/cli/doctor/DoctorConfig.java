package dev.pointsman.cli.doctor;

import dev.pointsman.balancer.config.AdminAccess;
import dev.pointsman.balancer.config.BalancerConfig;
import dev.pointsman.balancer.config.BalancerSettings;
import dev.pointsman.balancer.config.ConfigReading;
import dev.pointsman.balancer.config.ConfigSource;
import dev.pointsman.balancer.config.Listener;
import dev.pointsman.balancer.config.NamedFile;
import dev.pointsman.balancer.config.ReadConfig;
import dev.pointsman.balancer.config.RefusedConfig;
import dev.pointsman.balancer.route.AuthRule;
import dev.pointsman.balancer.route.Branch;
import dev.pointsman.balancer.route.TagTarget;
import dev.pointsman.balancer.tls.BadTlsFileException;
import dev.pointsman.balancer.tls.CertificateFiles;
import dev.pointsman.balancer.tls.CertificateFolder;
import dev.pointsman.balancer.tls.ServerCertificate;
import dev.pointsman.registry.consul.BadAddressException;
import dev.pointsman.registry.consul.ConsulAddress;
import dev.pointsman.settings.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The configuration that is examined, as the balancer would read it; of one that cannot be used, what is right in it, so that all else is
 * looked at all the same. Immutable.
 *
 * @param where the file, for people
 * @param files those that were read
 * @param problems a sentence each
 * @param named what settings name and is read with them
 * @param config what counts; null where nothing can be used, as with bad variables
 * @param consul the registry; null where its address cannot be used
 */
record DoctorConfig(
        String where,
        List<Path> files,
        List<String> problems,
        List<NamedFile> named,
        @Nullable BalancerConfig config,
        @Nullable ConsulAddress consul) {
    /** A secret that stands in a file itself, and not in a variable. */
    private static final Pattern SECRET = Pattern.compile(
            "(?m)^\\s*[\"']?(admin-token|sticky-secret|explain-secret)[\"']?\\s*:\\s*(?![\"']?\\$\\{)\\S");

    private static final String UPSTREAM_KEY = "upstream-key";

    private static final Pattern SECRET_FILE =
            Pattern.compile("(?m)^\\s*[\"']?explain-secret-file[\"']?\\s*:\\s*[\"']?([^\"'\\s#]+)");

    DoctorConfig {
        files = List.copyOf(files);
        problems = List.copyOf(problems);
        named = List.copyOf(named);
    }

    /**
     * Reads it. Blocks on the disk.
     *
     * @param file null for none
     * @param url the registry, as a flag has it; null where the file or the environment says it
     */
    static DoctorConfig read(@Nullable Path file, @Nullable String url, Map<String, String> environment) {
        List<Setting> flags = url == null ? List.of() : List.of(Setting.flag(BalancerSettings.CONSUL_KEY, url));
        ConfigSource source = new ConfigSource(file, flags, environment);
        ConfigReading reading = source.read();
        List<String> problems = reading instanceof RefusedConfig refused ? refused.problems() : List.of();
        ConfigReading used = reading instanceof ReadConfig ? reading : source.readUsable();
        boolean areVariablesBad = used instanceof RefusedConfig;
        if (used instanceof RefusedConfig refused) {
            used = new ConfigSource(file, flags, without(refused.problems(), environment)).readUsable();
        }
        BalancerConfig config = used instanceof ReadConfig read ? read.config() : null;
        ConsulAddress consul = config == null ? null : config.consul();
        return new DoctorConfig(
                file == null ? "no file, the defaults and the environment" : file.toString(),
                reading.places().files().stream().filter(Files::isRegularFile).toList(),
                problems,
                reading.places().named(),
                config,
                // Where one of Consul's variables is wrong, nobody knows what was meant.
                areVariablesBad ? address(consul == null ? url : consul.url(), environment) : consul);
    }

    /** The variables that no problem begins with. */
    private static Map<String, String> without(List<String> problems, Map<String, String> environment) {
        Map<String, String> left = new LinkedHashMap<>(environment);
        left.keySet().removeIf(name -> problems.stream().anyMatch(problem -> problem.startsWith(name)));
        return left;
    }

    private static @Nullable ConsulAddress address(@Nullable String url, Map<String, String> environment) {
        try {
            return ConsulAddress.from(url, environment);
        } catch (BadAddressException among) {
            // It is among the problems.
            return null;
        }
    }

    /** The certificates of connections to instances, by the settings that name them. */
    Map<String, Path> upstreamCertificates() {
        Map<String, Path> certificates = new LinkedHashMap<>();
        named.stream()
                .filter(file -> !file.key().equals(UPSTREAM_KEY))
                .forEach(file -> certificates.put(file.key(), file.path()));
        return certificates;
    }

    /** The certificates that clients are shown, in the order in which they count; of those that can be used. Blocks on the disk. */
    List<ServerCertificate> ownCertificates() {
        List<ServerCertificate> certificates = new ArrayList<>();
        for (CertificateFiles files : ownFiles()) {
            try {
                certificates.add(ServerCertificate.read(files));
            } catch (BadTlsFileException bad) {
                // What is wrong with it is among the problems.
            }
        }
        return certificates;
    }

    private List<CertificateFiles> ownFiles() {
        BalancerConfig read = config;
        if (read == null || read.listeners().stream().noneMatch(Listener::tls)) {
            return List.of();
        }
        List<CertificateFiles> files = new ArrayList<>(read.tls().certificates());
        CertificateFolder folder = read.tls().folder();
        if (folder != null) {
            try {
                files.addAll(folder.files());
            } catch (BadTlsFileException unreadable) {
                // As above.
            }
        }
        return files;
    }

    /** What the routes of the file lead to in the registry. */
    Set<String> targets() {
        Set<String> targets = new TreeSet<>();
        BalancerConfig read = config;
        if (read != null && read.hasRoutes()) {
            read.routes().stream()
                    .flatMap(route -> route.branches().stream())
                    .map(Branch::target)
                    .filter(TagTarget.class::isInstance)
                    .forEach(target -> targets.add(target.name()));
        }
        return targets;
    }

    /** Files with secrets, each with what is secret in it. */
    Map<Path, String> secretFiles(Map<String, String> environment) {
        Map<Path, String> secrets = new LinkedHashMap<>();
        for (Path file : files) {
            String text = text(file);
            Matcher secret = SECRET.matcher(text);
            Set<String> names = new LinkedHashSet<>();
            while (secret.find()) {
                names.add(secret.group(1));
            }
            if (!names.isEmpty()) {
                secrets.put(file.toAbsolutePath(), String.join(" and ", names));
            }
            Matcher named = SECRET_FILE.matcher(text);
            if (named.find()) {
                put(secrets, named.group(1), "the secret by which requests are explained");
            }
        }
        BalancerConfig read = config;
        if (read != null) {
            AdminAccess access = read.adminAccess();
            if (access.tokenFile() != null) {
                secrets.put(access.tokenFile().toAbsolutePath(), "the token of the admin API");
            }
            users(read).forEach(file -> put(secrets, file, "passwords' hashes"));
        }
        named.stream()
                .filter(file -> file.key().equals(UPSTREAM_KEY))
                .forEach(file -> put(secrets, file.path().toString(), "the key of the certificate for instances"));
        ownFiles().forEach(each -> put(secrets, each.key().toString(), "the key of a certificate for clients"));
        put(secrets, environment.get("CONSUL_HTTP_TOKEN_FILE"), "the ACL token");
        put(secrets, environment.get("CONSUL_CLIENT_KEY"), "the key of the certificate");
        return secrets;
    }

    private static List<String> users(BalancerConfig config) {
        List<String> files = new ArrayList<>();
        Stream.concat(
                        config.routes().stream()
                                .flatMap(route -> route.allOptions())
                                .map(options -> options.filters())
                                .filter(filters -> filters != null && filters.auth() != null)
                                .map(filters -> filters.auth()),
                        config.announcements().fabioAuth().values().stream())
                .filter(auth -> auth != null)
                .map(AuthRule::file)
                .filter(file -> !file.isEmpty())
                .forEach(files::add);
        return files;
    }

    private static void put(Map<Path, String> secrets, @Nullable String file, String what) {
        if (file != null && !file.isBlank() && Files.isRegularFile(Path.of(file.strip()))) {
            secrets.put(Path.of(file.strip()).toAbsolutePath(), what);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            // What is wrong with it is among the problems.
            return "";
        }
    }

    /** What a balancer would write, by the settings' keys. */
    Map<String, Path> writtenFiles() {
        Map<String, Path> written = new LinkedHashMap<>();
        BalancerConfig read = config;
        if (read != null) {
            put(written, "view-file", read.viewFile());
            put(written, "admin-routes-file", read.adminAccess().routesFile());
            var log = read.observation().accessLog().destination();
            put(written, "access-log", log == null ? null : log.file());
        }
        return written;
    }

    private static void put(Map<String, Path> written, String key, @Nullable Path file) {
        if (file != null) {
            written.put(key, file);
        }
    }
}

package dev.pointsman.balancer.config;

import dev.pointsman.balancer.route.Route;
import dev.pointsman.balancer.route.RouteTable;
import dev.pointsman.registry.consul.BadAddressException;
import dev.pointsman.registry.consul.ConsulAddress;
import dev.pointsman.settings.Setting;
import dev.pointsman.settings.Settings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Turns settings into a configuration, or into a list of everything that is wrong with them. */
public final class ConfigReader {
    /** Every key there is but those for pools, which routes have too; each is also the name of a flag. */
    private static final Set<String> OWN_KEYS = Set.of(
            "host",
            "port",
            "admin",
            "dev",
            "consul",
            "view-file",
            "route",
            "connect-timeout",
            "response-timeout",
            "idle-timeout",
            "head-timeout",
            "drain",
            "trusted-proxies",
            "forwarded",
            "max-head",
            "max-body",
            "max-connections",
            "register",
            "warm-up",
            "sticky-secret");

    /** Every key there is; each is also the name of a flag. */
    public static final Set<String> KEYS =
            Stream.concat(OWN_KEYS.stream(), PoolReader.KEYS.stream()).collect(Collectors.toUnmodifiableSet());

    /** Where a secret is better kept than on a command line. */
    public static final String STICKY_SECRET_VARIABLE = "POINTSMAN_STICKY_SECRET";

    private static final int SHORTEST_SECRET = 16;

    /** The routes of the book, for a first try without any. */
    public static final List<Route> DEFAULT_ROUTES =
            List.of(new Route("/api", "api-service"), new Route("/", "webapp-service"));

    private static final HostAndPort DEFAULT_ADMIN = new HostAndPort("127.0.0.1", 9901);
    private static final int KIB = 1024;

    private final Settings settings;

    private ConfigReader(Settings settings) {
        this.settings = settings;
    }

    /**
     * Reads a configuration.
     *
     * @param given the settings, the less important first: what comes later overrules what came before
     * @param environment Consul's own variables count where no setting says otherwise
     * @throws ConfigException with every problem there is
     */
    public static BalancerConfig read(Collection<Setting> given, Map<String, String> environment)
            throws ConfigException {
        return read(given, List.of(), environment);
    }

    /**
     * As {@link #read(Collection, Map)}.
     *
     * @param before what was found wrong before, to be said with the rest
     */
    public static BalancerConfig read(Collection<Setting> given, List<String> before, Map<String, String> environment)
            throws ConfigException {
        Settings settings = new Settings(given);
        before.forEach(settings::problem);
        BalancerConfig config = new ConfigReader(settings).read(environment);
        if (config == null || !settings.problems().isEmpty()) {
            throw new ConfigException(settings.problems());
        }
        return config;
    }

    private @Nullable BalancerConfig read(Map<String, String> environment) {
        refuseUnknownKeys();
        checkPools();
        ConsulAddress consul = consul(environment);
        List<Route> routes = routes();
        HostAndPort listen = new HostAndPort(settings.text("host", "0.0.0.0"), settings.number("port", 8080, 0, 65535));
        HostAndPort admin = settings.read("admin", DEFAULT_ADMIN, HostAndPort.EXPECTED, HostAndPort::parse);
        boolean dev = settings.flag("dev", false);
        if (dev && consul != null && consul.tls()) {
            settings.problem("--dev: the embedded registry would be at " + consul.url()
                    + ", but speaks plain HTTP (expected: an http:// address, by --consul or Consul's variables)");
        }
        boolean register = settings.flag("register", true);
        Limits limits = limits();
        routes.forEach(route -> refuseBeyondIdle(
                "response-timeout of " + route.prefix(), route.options().response(), limits));
        TrustedProxies trusted = trustedProxies();
        ForwardedFields forwarded = forwardedFields();
        Path viewFile = viewFile();
        Duration warmUp = settings.durationOrZero("warm-up", Duration.ZERO);
        String secret = stickySecret(environment);
        return consul == null
                ? null
                : new BalancerConfig(
                        listen, admin, dev, consul, register, viewFile, routes, limits, forwarded, trusted, warmUp,
                        secret);
    }

    /** Once for all of them, so that what is wrong there is not said again for each route. */
    private void checkPools() {
        PoolReader forAll = PoolReader.of(settings);
        forAll.attemptTimeout();
        forAll.read();
    }

    private String stickySecret(Map<String, String> environment) {
        String given = settings.text("sticky-secret", environment.getOrDefault(STICKY_SECRET_VARIABLE, ""));
        if (!given.isEmpty() && given.getBytes(StandardCharsets.UTF_8).length < SHORTEST_SECRET) {
            settings.problem("sticky-secret: too short (expected: " + SHORTEST_SECRET + " characters or more)");
        }
        return given;
    }

    private void refuseUnknownKeys() {
        for (String source : unknownKeys()) {
            settings.problem(source + ": there is no such setting (expected one of: "
                    + String.join(", ", new TreeSet<>(KEYS)) + ")");
        }
    }

    private List<String> unknownKeys() {
        return settings.all().stream()
                .filter(setting -> !KEYS.contains(setting.key()))
                .map(Setting::source)
                .distinct()
                .toList();
    }

    private @Nullable ConsulAddress consul(Map<String, String> environment) {
        Setting address = settings.last("consul");
        try {
            return ConsulAddress.from(address == null ? null : address.value(), environment);
        } catch (BadAddressException bad) {
            bad.problems().forEach(settings::problem);
            return null;
        }
    }

    /** Looked at now, because a file that cannot be written would be missed on the day when the registry is down. */
    private @Nullable Path viewFile() {
        Setting setting = settings.last("view-file");
        if (setting == null) {
            return null;
        }
        try {
            Path file = Path.of(setting.value()).toAbsolutePath();
            Path folder = file.getParent();
            if (!setting.value().isBlank()
                    && folder != null
                    && Files.isDirectory(folder)
                    && Files.isWritable(folder)
                    && !Files.isDirectory(file)) {
                return file;
            }
        } catch (InvalidPathException noPath) {
            // reported below with all the rest
        }
        settings.problem(setting, "a file in a folder that exists and can be written to");
        return null;
    }

    private Limits limits() {
        Limits limits = new Limits(
                settings.duration("connect-timeout", Limits.DEFAULT.connect()),
                settings.duration("response-timeout", Limits.DEFAULT.response()),
                settings.duration("idle-timeout", Limits.DEFAULT.idle()),
                settings.duration("head-timeout", Limits.DEFAULT.head()),
                settings.duration("drain", Limits.DEFAULT.drain()),
                settings.size("max-head", Limits.DEFAULT.maxHead(), KIB, 1024 * KIB),
                settings.size("max-body", 0, 0, Integer.MAX_VALUE),
                settings.number("max-connections", Limits.DEFAULT.maxConnections(), 1, 1_000_000));
        refuseBeyondIdle("response-timeout", limits.response(), limits);
        return limits;
    }

    private void refuseBeyondIdle(String what, @Nullable Duration response, Limits limits) {
        if (response != null && response.compareTo(limits.idle()) > 0) {
            settings.problem(what + ": " + response.toMillis() + "ms is longer than idle-timeout, "
                    + limits.idle().toMillis() + "ms, which would end the wait first (expected: at most idle-timeout)");
        }
    }

    private ForwardedFields forwardedFields() {
        Setting setting = settings.last("forwarded");
        ForwardedFields fields = setting == null ? ForwardedFields.X_FORWARDED : ForwardedFields.parse(setting.value());
        if (setting != null && fields == null) {
            settings.problem(setting, "x-forwarded, rfc7239 or both");
        }
        return fields == null ? ForwardedFields.X_FORWARDED : fields;
    }

    private TrustedProxies trustedProxies() {
        Setting setting = settings.last("trusted-proxies");
        if (setting == null) {
            return TrustedProxies.NONE;
        }
        TrustedProxies trusted = TrustedProxies.parse(setting.value());
        if (trusted == null) {
            settings.problem(setting, "IP addresses or networks, separated by commas, such as 10.0.0.0/8,::1");
            return TrustedProxies.NONE;
        }
        return trusted;
    }

    /** Routes do not overrule each other one by one: if the command line names any, the file's do not count. */
    private List<Route> routes() {
        List<Setting> given = settings.all("route");
        boolean anyFlag = given.stream().anyMatch(ConfigReader::isFlag);
        List<Route> routes = new ArrayList<>();
        for (Setting setting : given) {
            if (anyFlag && !isFlag(setting)) {
                continue;
            }
            Route route = RouteReader.read(setting, settings);
            if (route != null) {
                routes.add(route);
            }
        }
        try {
            return new RouteTable(routes.isEmpty() ? defaultRoutes() : routes).routes();
        } catch (IllegalArgumentException twice) {
            settings.problem("--route: " + twice.getMessage());
            return DEFAULT_ROUTES;
        }
    }

    private List<Route> defaultRoutes() {
        return DEFAULT_ROUTES.stream()
                .map(route -> RouteReader.plain(route, settings))
                .toList();
    }

    private static boolean isFlag(Setting setting) {
        return setting.source().startsWith("--");
    }
}

package dev.pointsman.balancer.config;

import dev.pointsman.balancer.config.TcpReader.TcpReading;
import dev.pointsman.balancer.http.UnderscoreFields;
import dev.pointsman.balancer.route.Route;
import dev.pointsman.balancer.route.RouteTable;
import dev.pointsman.balancer.tls.UpstreamTls;
import dev.pointsman.registry.consul.BadAddressException;
import dev.pointsman.registry.consul.ConsulAddress;
import dev.pointsman.registry.consul.ConsulWatchOptions;
import dev.pointsman.settings.Option;
import dev.pointsman.settings.Setting;
import dev.pointsman.settings.Settings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A reader of settings into a configuration, or into a list of everything that is wrong with them. */
public final class ConfigReader {
    /** The environment variable with the secret of sticky cookies, which is safer there than on a command line. */
    public static final String STICKY_SECRET_VARIABLE = "POINTSMAN_STICKY_SECRET";

    private static final int SHORTEST_SECRET = 16;
    private static final String CONSUL_FLAG = BalancerSettings.CONSUL.flag();

    /** The routes where none are given, for a first try. */
    public static final List<Route> DEFAULT_ROUTES =
            List.of(new Route("/api", "api-service"), new Route("/", "webapp-service"));

    private final Settings settings;
    private final RouteDefaults defaults;
    private final boolean routesWritten;
    private final boolean looksAtFiles;

    private ConfigReader(Settings settings, boolean routesWritten, DocumentTrust from) {
        this.settings = settings;
        this.routesWritten = routesWritten;
        this.looksAtFiles = from == DocumentTrust.OPERATOR;
        this.defaults = new RouteDefaults(settings.all(), looksAtFiles);
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
        return read(given, List.of(), environment, false, DocumentTrust.OPERATOR);
    }

    /**
     * Reads a configuration as {@link #read(Collection, Map)}, with the problems found before.
     *
     * @param before what was found wrong before, to be said with the rest
     * @param routesWritten whether routes are written somewhere, be it that there are none: then there are none for a first try
     * @param from what the settings may make this process look at
     */
    static BalancerConfig read(
            Collection<Setting> given,
            List<String> before,
            Map<String, String> environment,
            boolean routesWritten,
            DocumentTrust from)
            throws ConfigException {
        Settings settings = new Settings(given);
        before.forEach(settings::problem);
        BalancerConfig config = new ConfigReader(settings, routesWritten, from).read(environment);
        if (config == null || !settings.problems().isEmpty()) {
            WrittenValues written = new WrittenValues(given);
            throw new ConfigException(
                    settings.problems().stream().map(written::in).distinct().toList());
        }
        return config;
    }

    private @Nullable BalancerConfig read(Map<String, String> environment) {
        refuseUnknownKeys();
        checkPools();
        ConsulAddress consul = consul(environment);
        Limits limits = limits();
        List<Route> routes = routes(limits);
        TlsReader tlsReader = new TlsReader(settings, looksAtFiles);
        PortsTogether ports = new PortsTogether(settings);
        List<Listener> listeners = tlsReader.listeners(ports);
        TlsConfig tls = tlsReader.read(listeners);
        ListenAddress admin = admin(ports);
        List<String> hostNames = settings.get(BalancerSettings.HOST_NAMES);
        boolean dev = settings.get(BalancerSettings.DEV);
        if (dev && consul != null && consul.tls()) {
            Setting given = settings.last(BalancerSettings.DEV.key());
            settings.problem(
                    (given == null ? "--dev" : given.source()) + ": the embedded registry would be at " + consul.url()
                            + ", but speaks plain HTTP (expected: an http:// address, by --consul or Consul's variables)");
        }
        if (dev && consul != null) {
            ports.add(
                    new ListenAddress(consul.host(), consul.port()),
                    sourceOf(BalancerSettings.CONSUL),
                    "the embedded registry");
        }
        TcpReading tcp = TcpReader.read(settings, defaults, ports);
        boolean register = settings.get(BalancerSettings.REGISTER);
        TrustedProxies trusted = settings.get(BalancerSettings.TRUSTED_PROXIES);
        ForwardedFields forwarded = settings.get(BalancerSettings.FORWARDED);
        UnderscoreFields underscores = settings.get(BalancerSettings.UNDERSCORE_FIELDS);
        Path viewFile = writable(BalancerSettings.VIEW_FILE.key());
        Duration retain = settings.get(BalancerSettings.RETAIN, ConsulWatchOptions.WHILE_ANSWERING);
        String secret = stickySecret(environment);
        AdminAccess adminAccess = adminAccess(environment);
        ExplainSecret explainSecret = ExplainSecret.read(settings, environment, looksAtFiles);
        Announcements announcements = Announcements.read(settings, defaults, tcp.announced());
        ObservationConfig observation = ObservationConfig.read(settings, environment, looksAtFiles);
        UpstreamTls upstreamTls = UpstreamTlsReader.read(settings, looksAtFiles);
        return consul == null
                ? null
                : new BalancerConfig(
                        together(listeners, tcp.listeners()),
                        tls,
                        admin,
                        hostNames,
                        dev,
                        consul,
                        register,
                        viewFile,
                        retain,
                        together(routes, tcp.routes()),
                        hasRoutes(),
                        limits,
                        forwarded,
                        underscores,
                        settings.get(BalancerSettings.HTTP2),
                        trusted,
                        secret,
                        adminAccess,
                        explainSecret,
                        new RouteDocuments(settings.all(), defaults, limits),
                        announcements,
                        observation,
                        upstreamTls);
    }

    private ListenAddress admin(PortsTogether ports) {
        ListenAddress admin = settings.get(BalancerSettings.ADMIN);
        ports.add(admin, sourceOf(BalancerSettings.ADMIN), BalancerSettings.ADMIN.key());
        return admin;
    }

    private @Nullable String sourceOf(Option<?> option) {
        Setting given = settings.last(option.key());
        return given == null ? null : given.source();
    }

    /** Checks the settings for all pools once, so that a problem there is not reported again for each route. */
    private void checkPools() {
        new PoolReader(settings).read();
    }

    private String stickySecret(Map<String, String> environment) {
        String given =
                settings.get(BalancerSettings.STICKY_SECRET, environment.getOrDefault(STICKY_SECRET_VARIABLE, ""));
        if (!given.isEmpty() && given.getBytes(StandardCharsets.UTF_8).length < SHORTEST_SECRET) {
            Setting setting = settings.last(BalancerSettings.STICKY_SECRET.key());
            settings.problem((setting == null ? STICKY_SECRET_VARIABLE : setting.source()) + ": too short (expected: "
                    + SHORTEST_SECRET + " characters or more)");
        }
        return given;
    }

    private void refuseUnknownKeys() {
        settings.all().stream()
                .filter(setting -> BalancerSettings.TABLE.byKey(setting.key()).isEmpty())
                .map(setting -> setting.source() + ": " + BalancerSettings.TABLE.noSuchKey(setting.key()))
                .distinct()
                .forEach(settings::problem);
    }

    private @Nullable ConsulAddress consul(Map<String, String> environment) {
        Setting address = settings.last(BalancerSettings.CONSUL.key());
        try {
            return ConsulAddress.from(address == null ? null : address.value(), environment);
        } catch (BadAddressException bad) {
            // The words there are those of a flag; in a file it has its place.
            bad.problems().stream()
                    .map(problem -> address != null && problem.startsWith(CONSUL_FLAG)
                            ? address.source() + problem.substring(CONSUL_FLAG.length())
                            : problem)
                    .forEach(settings::problem);
            return null;
        }
    }

    /** A file that is written later, checked now: that it cannot be written would be noticed on the day when it is needed. */
    private @Nullable Path writable(String key) {
        Setting setting = settings.last(key);
        if (setting == null) {
            return null;
        }
        try {
            Path file = Path.of(setting.value()).toAbsolutePath();
            if (!looksAtFiles) {
                return file;
            }
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
        Limits limits = Limits.of(settings::get);
        new RoutesReader(defaults, settings, limits)
                .refuseBeyondIdle(settings.last(BalancerSettings.RESPONSE_TIMEOUT.key()), limits.response());
        return limits;
    }

    /** The routes of the command line, or else of the file: if the command line names any, none of the file's count. */
    private List<Route> routes(Limits limits) {
        List<Route> routes =
                new RoutesReader(defaults, settings, limits).read(settings.inForce(BalancerSettings.ROUTE.key()));
        return new RouteTable(hasRoutes() ? routes : defaultRoutes()).routes();
    }

    private boolean hasRoutes() {
        return routesWritten
                || settings.last(BalancerSettings.ROUTE.key()) != null
                || settings.last(TcpSettings.TCP.key()) != null;
    }

    private static <T> List<T> together(List<T> some, List<T> others) {
        return Stream.concat(some.stream(), others.stream()).toList();
    }

    private AdminAccess adminAccess(Map<String, String> environment) {
        String token = settings.find(BalancerSettings.ADMIN_TOKEN);
        Setting given = settings.last(BalancerSettings.ADMIN_TOKEN.key());
        Path file = adminTokenFile();
        if (given != null && file != null) {
            settings.problem(given.source() + ": beside admin-token-file (expected: one of them)");
        }
        String variable = environment.get(AdminAccess.TOKEN_VARIABLE);
        if (given == null && file == null && variable != null && !variable.isEmpty()) {
            token = variable;
            if (!AdminAccess.isToken(variable)) {
                settings.problem(AdminAccess.TOKEN_VARIABLE + ": not a token (expected: " + AdminAccess.EXPECTED + ")");
            }
        }
        return new AdminAccess(token, file, writable(BalancerSettings.ADMIN_ROUTES_FILE.key()));
    }

    private @Nullable Path adminTokenFile() {
        Setting setting = settings.last(BalancerSettings.ADMIN_TOKEN_FILE.key());
        if (setting == null) {
            return null;
        }
        try {
            Path file = Path.of(setting.value()).toAbsolutePath();
            if (!looksAtFiles || AdminAccess.tokenIn(file) != null) {
                return file;
            }
        } catch (InvalidPathException noPath) {
            // reported below with all the rest
        }
        settings.problem(setting, "a file that can be read and holds a token, " + AdminAccess.EXPECTED);
        return null;
    }

    private List<Route> defaultRoutes() {
        return DEFAULT_ROUTES.stream()
                .map(route ->
                        new Route(route.key(), route.branches().get(0).target(), defaults.plain(), route.origin()))
                .toList();
    }
}

package dev.pointsman.balancer.config;

import dev.pointsman.balancer.http.UnderscoreFields;
import dev.pointsman.balancer.route.Route;
import dev.pointsman.balancer.route.RouteTable;
import dev.pointsman.registry.consul.BadAddressException;
import dev.pointsman.registry.consul.ConsulAddress;
import dev.pointsman.registry.consul.ConsulWatchOptions;
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
import org.jspecify.annotations.Nullable;

/** A reader of settings into a configuration, or into a list of everything that is wrong with them. */
public final class ConfigReader {
    /** The environment variable with the secret of sticky cookies, which is safer there than on a command line. */
    public static final String STICKY_SECRET_VARIABLE = "POINTSMAN_STICKY_SECRET";

    private static final int SHORTEST_SECRET = 16;

    /** The routes where none are given, for a first try. */
    public static final List<Route> DEFAULT_ROUTES =
            List.of(new Route("/api", "api-service"), new Route("/", "webapp-service"));

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
     * Reads a configuration as {@link #read(Collection, Map)}, with the problems found before.
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
        ListenAddress listen =
                new ListenAddress(settings.get(BalancerSettings.HOST), settings.get(BalancerSettings.PORT));
        ListenAddress admin = settings.get(BalancerSettings.ADMIN);
        List<String> hostNames = settings.get(BalancerSettings.HOST_NAMES);
        boolean dev = settings.get(BalancerSettings.DEV);
        if (dev && consul != null && consul.tls()) {
            settings.problem("--dev: the embedded registry would be at " + consul.url()
                    + ", but speaks plain HTTP (expected: an http:// address, by --consul or Consul's variables)");
        }
        boolean register = settings.get(BalancerSettings.REGISTER);
        Limits limits = limits();
        routes.forEach(route -> refuseBeyondIdle(
                "response-timeout of " + route.key(), route.options().response(), limits));
        TrustedProxies trusted = settings.get(BalancerSettings.TRUSTED_PROXIES);
        ForwardedFields forwarded = settings.get(BalancerSettings.FORWARDED);
        UnderscoreFields underscores = settings.get(BalancerSettings.UNDERSCORE_FIELDS);
        Path viewFile = viewFile();
        Duration retain = settings.get(BalancerSettings.RETAIN, ConsulWatchOptions.WHILE_ANSWERING);
        Duration warmUp = settings.get(BalancerSettings.WARM_UP);
        String secret = stickySecret(environment);
        return consul == null
                ? null
                : new BalancerConfig(
                        listen,
                        admin,
                        hostNames,
                        dev,
                        consul,
                        register,
                        viewFile,
                        retain,
                        routes,
                        !settings.all(BalancerSettings.ROUTE.key()).isEmpty(),
                        limits,
                        forwarded,
                        underscores,
                        trusted,
                        warmUp,
                        secret);
    }

    /** Checks the settings for all pools once, so that a problem there is not reported again for each route. */
    private void checkPools() {
        PoolReader forAll = PoolReader.of(settings);
        forAll.attemptTimeout();
        forAll.read();
    }

    private String stickySecret(Map<String, String> environment) {
        String given =
                settings.get(BalancerSettings.STICKY_SECRET, environment.getOrDefault(STICKY_SECRET_VARIABLE, ""));
        if (!given.isEmpty() && given.getBytes(StandardCharsets.UTF_8).length < SHORTEST_SECRET) {
            settings.problem("sticky-secret: too short (expected: " + SHORTEST_SECRET + " characters or more)");
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
            bad.problems().forEach(settings::problem);
            return null;
        }
    }

    /**
     * The cache file, checked now, because a file that cannot be written would be missed on the day when the registry
     * is down.
     */
    private @Nullable Path viewFile() {
        Setting setting = settings.last(BalancerSettings.VIEW_FILE.key());
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
        Limits limits = Limits.of(settings::get);
        refuseBeyondIdle("response-timeout", limits.response(), limits);
        return limits;
    }

    private void refuseBeyondIdle(String what, @Nullable Duration response, Limits limits) {
        if (response != null && response.compareTo(limits.idle()) > 0) {
            settings.problem(what + ": " + response.toMillis() + "ms is longer than idle-timeout, "
                    + limits.idle().toMillis() + "ms, which would end the wait first (expected: at most idle-timeout)");
        }
    }

    /** The routes of the command line, or else of the file: if the command line names any, none of the file's count. */
    private List<Route> routes() {
        List<Setting> given = settings.all(BalancerSettings.ROUTE.key());
        boolean anyFlag = given.stream().anyMatch(Setting::isFlag);
        List<Route> routes = new ArrayList<>();
        for (Setting setting : given) {
            if (anyFlag && !setting.isFlag()) {
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
}

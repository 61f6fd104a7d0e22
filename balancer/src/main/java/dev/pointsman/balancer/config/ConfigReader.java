package dev.pointsman.balancer.config;

import dev.pointsman.balancer.http.UnderscoreFields;
import dev.pointsman.balancer.route.Route;
import dev.pointsman.balancer.route.RouteKey;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
            throw new ConfigException(settings.problems().stream().distinct().toList());
        }
        return config;
    }

    private @Nullable BalancerConfig read(Map<String, String> environment) {
        refuseUnknownKeys();
        checkPools();
        ConsulAddress consul = consul(environment);
        Limits limits = limits();
        List<Route> routes = routes(limits);
        ListenAddress listen =
                new ListenAddress(settings.get(BalancerSettings.HOST), settings.get(BalancerSettings.PORT));
        ListenAddress admin = settings.get(BalancerSettings.ADMIN);
        List<String> hostNames = settings.get(BalancerSettings.HOST_NAMES);
        boolean dev = settings.get(BalancerSettings.DEV);
        if (dev && consul != null && consul.tls()) {
            Setting given = settings.last(BalancerSettings.DEV.key());
            settings.problem(
                    (given == null ? "--dev" : given.source()) + ": the embedded registry would be at " + consul.url()
                            + ", but speaks plain HTTP (expected: an http:// address, by --consul or Consul's variables)");
        }
        boolean register = settings.get(BalancerSettings.REGISTER);
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
        refuseBeyondIdle(settings.last(BalancerSettings.RESPONSE_TIMEOUT.key()), limits.response(), limits);
        return limits;
    }

    /** @param given where the time was given; null if it is the default */
    private void refuseBeyondIdle(@Nullable Setting given, Duration response, Limits limits) {
        if (response.compareTo(limits.idle()) > 0) {
            Setting idle = settings.last(BalancerSettings.IDLE_TIMEOUT.key());
            Setting place = given == null ? idle : given;
            settings.problem((place == null ? "" : place.source() + ": ") + "a response-timeout of "
                    + response.toMillis() + "ms is longer than idle-timeout, "
                    + limits.idle().toMillis()
                    + "ms, which would end the wait first (expected: at most idle-timeout)");
        }
    }

    /** The routes of the command line, or else of the file: if the command line names any, none of the file's count. */
    private List<Route> routes(Limits limits) {
        List<Setting> given = settings.all(BalancerSettings.ROUTE.key());
        boolean anyFlag = given.stream().anyMatch(Setting::isFlag);
        Map<RouteKey, Setting> places = new HashMap<>();
        List<Route> routes = new ArrayList<>();
        for (Setting setting : given) {
            if (anyFlag && !setting.isFlag()) {
                continue;
            }
            Route route = RouteReader.read(setting, settings);
            if (route == null) {
                continue;
            }
            Duration response = route.options().response();
            if (response != null) {
                refuseBeyondIdle(
                        new Settings(setting.parts()).last(BalancerSettings.RESPONSE_TIMEOUT.key()), response, limits);
            }
            Setting first = places.putIfAbsent(route.key(), setting);
            if (first == null) {
                routes.add(route);
            } else {
                settings.problem(setting.source() + ": two routes for " + route.key() + ", the other one at "
                        + first.source() + " (expected: one, or a match: that tells them apart)");
            }
        }
        return new RouteTable(given.isEmpty() ? defaultRoutes() : routes).routes();
    }

    private List<Route> defaultRoutes() {
        return DEFAULT_ROUTES.stream()
                .map(route -> RouteReader.plain(route, settings))
                .toList();
    }
}

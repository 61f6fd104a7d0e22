package dev.pointsman.balancer.config;

import dev.pointsman.balancer.config.PoolReader.PoolReading;
import dev.pointsman.balancer.http.ProxyVersion;
import dev.pointsman.balancer.http.UpstreamTransport;
import dev.pointsman.balancer.route.AccessRule;
import dev.pointsman.balancer.route.AnnouncedPorts;
import dev.pointsman.balancer.route.HostPattern;
import dev.pointsman.balancer.route.Network;
import dev.pointsman.balancer.route.PoolSettings;
import dev.pointsman.balancer.route.Route;
import dev.pointsman.balancer.route.RouteFilters;
import dev.pointsman.balancer.route.RouteKey;
import dev.pointsman.balancer.route.RouteOptions;
import dev.pointsman.balancer.route.RouteOrigin;
import dev.pointsman.balancer.route.Target;
import dev.pointsman.settings.Setting;
import dev.pointsman.settings.Settings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A reader of the ports whose connections are relayed as they are, and of their routes. */
final class TcpReader {
    private final Settings settings;
    private final RouteDefaults defaults;
    private final List<Listener> listeners = new ArrayList<>();
    private final List<Route> routes = new ArrayList<>();
    private final Set<RouteKey> keys = new HashSet<>();

    private TcpReader(Settings settings, RouteDefaults defaults) {
        this.settings = settings;
        this.defaults = defaults;
    }

    /**
     * What was read.
     *
     * @param listeners one for each port
     * @param routes those that the configuration has
     */
    record TcpReading(List<Listener> listeners, List<Route> routes) {
        TcpReading {
            listeners = List.copyOf(listeners);
            routes = List.copyOf(routes);
        }

        /** Those for which tags may announce routes. */
        AnnouncedPorts announced() {
            Set<Integer> numbers = new HashSet<>();
            boolean passthrough = false;
            for (Listener each : listeners) {
                TcpPort port = each.tcp();
                if (port != null && port.announced()) {
                    passthrough |= port.passthrough();
                    numbers.add(each.address().port());
                }
            }
            return new AnnouncedPorts(numbers, passthrough);
        }
    }

    /**
     * Reads them; problems are added to the settings.
     *
     * @param others the ports where HTTP is spoken
     */
    static TcpReading read(Settings settings, RouteDefaults defaults, List<Listener> others) {
        TcpReader reader = new TcpReader(settings, defaults);
        List<Setting> given = settings.all(TcpSettings.TCP.key());
        boolean anyFlag = given.stream().anyMatch(Setting::isFlag);
        given.stream().filter(each -> !anyFlag || each.isFlag()).forEach(each -> reader.one(each, others));
        return new TcpReading(reader.listeners, reader.routes);
    }

    private void one(Setting given, List<Listener> others) {
        Settings parts = new Settings(parts(given), settings.problems());
        ListenAddress address = parts.find(TcpSettings.LISTEN);
        if (address == null) {
            if (parts.last(TcpSettings.LISTEN.key()) == null) {
                settings.problem(given.source() + ": no listen: (expected: one such as :5432)");
            }
            return;
        }
        if (others.stream().anyMatch(other -> other.address().overlaps(address))) {
            settings.problem(given.source() + ": \"" + address + "\" is where HTTP is served (expected: another port)");
            return;
        }
        List<HostPattern> names = flat(parts.each(TcpSettings.NAMES));
        boolean passthrough = parts.get(TcpSettings.PASSTHROUGH);
        Setting to = parts.last(TcpSettings.TO.key());
        if (!names.isEmpty() && !passthrough) {
            settings.problem(given.source() + ": names without tls-passthrough (expected: both: only TLS has names)");
        } else if (!names.isEmpty() && to == null) {
            settings.problem(given.source() + ": names, and no to: (expected: a tag or a service's name)");
        }
        Listener listener = new Listener(
                address,
                false,
                parts.get(TlsSettings.PROXY_PROTOCOL),
                new TcpPort(passthrough, to == null, parts.get(TcpSettings.IDLE)));
        addListener(listener, given);
        RouteOptions options = options(parts);
        if (to != null) {
            addRoutes(given, to, address.port(), names, options);
        }
    }

    /** Port 0 is one of all its entries: a free one. */
    private static boolean isSamePort(ListenAddress one, ListenAddress other) {
        return one.equals(other) || one.overlaps(other);
    }

    /** Adds a port, or the route to one that is there already: several names may share it. */
    private void addListener(Listener added, Setting given) {
        TcpPort port = added.tcp();
        for (int i = 0; i < listeners.size(); i++) {
            Listener other = listeners.get(i);
            TcpPort before = other.tcp();
            if (before == null || port == null || !isSamePort(other.address(), added.address())) {
                continue;
            }
            boolean agree = other.address().equals(added.address())
                    && before.passthrough()
                    && port.passthrough()
                    && other.proxyProtocol() == added.proxyProtocol()
                    && before.idle().equals(port.idle());
            if (!agree) {
                settings.problem(given.source() + ": \"" + added.address() + "\" twice (expected: each port once, or"
                        + " tls-passthrough with other names, and all else the same)");
            }
            listeners.set(
                    i,
                    new Listener(
                            other.address(),
                            false,
                            other.proxyProtocol(),
                            new TcpPort(before.passthrough(), before.announced() || port.announced(), before.idle())));
            return;
        }
        listeners.add(added);
    }

    private void addRoutes(Setting given, Setting to, int port, List<HostPattern> names, RouteOptions options) {
        String where = given.source() + ": :" + port;
        // What is behind tcp:// is read as all upstreams that are written down are.
        String text = to.value().strip().replace("tcp://", "http://");
        Target target = TargetReader.read(text, where, List.of(), settings);
        for (HostPattern name : names.isEmpty() ? List.of(HostPattern.ANY) : names) {
            RouteKey key = RouteKey.ofPort(port, name);
            if (!keys.add(key)) {
                settings.problem(given.source() + ": two routes for " + key + " (expected: one)");
            } else if (target != null) {
                routes.add(
                        new Route(key, target, options, new RouteOrigin(RouteOrigin.RouteSource.FILE, given.source())));
            }
        }
    }

    private RouteOptions options(Settings parts) {
        PoolReading pool = defaults.pool(new Settings(
                parts.all().stream()
                        .filter(part -> PoolReader.reads(part.key()))
                        .toList(),
                settings.problems()));
        ProxyVersion header = parts.get(TcpSettings.SEND_PROXY);
        PoolSettings picking = pool.settings().with(UpstreamTransport.PLAIN.with(header));
        RouteOptions plain = defaults.plain();
        pool.problems().stream()
                .filter(problem -> !settings.problems().contains(problem))
                .forEach(settings::problem);
        return new RouteOptions(plain.host(), plain.path(), null, null, null, picking, filters(parts));
    }

    private static @Nullable RouteFilters filters(Settings parts) {
        List<Network> allow = flat(parts.each(TcpSettings.ALLOW));
        List<Network> deny = flat(parts.each(TcpSettings.DENY));
        return allow.isEmpty() && deny.isEmpty()
                ? null
                : RouteFilters.of(new AccessRule(AccessRule.AddressMode.CLIENT, allow, deny), null, null);
    }

    private static <T> List<T> flat(List<List<T>> lists) {
        return lists.stream().flatMap(List::stream).toList();
    }

    /** The parts of a value; of a flag they stand in its text: the address and the target, then the others behind semicolons. */
    private List<Setting> parts(Setting given) {
        if (!given.isFlag()) {
            return given.parts();
        }
        List<String> texts = new ArrayList<>(Arrays.asList(given.value().split(";", -1)));
        String first = texts.get(0);
        int equals = first.indexOf('=');
        texts.set(0, TcpSettings.LISTEN.key() + "=" + (equals < 0 ? first : first.substring(0, equals)).strip());
        if (equals >= 0) {
            texts.add(
                    1, TcpSettings.TO.key() + "=" + first.substring(equals + 1).strip());
        }
        return OptionText.read(texts, TcpSettings.TCP.partTable(), given.source(), settings::problem);
    }
}

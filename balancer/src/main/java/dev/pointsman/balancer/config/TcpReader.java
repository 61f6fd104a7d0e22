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
import dev.pointsman.pick.Policy;
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
    private final PortsTogether ports;
    private final List<Listener> listeners = new ArrayList<>();
    private final List<Route> routes = new ArrayList<>();
    private final Set<RouteKey> keys = new HashSet<>();

    private TcpReader(Settings settings, RouteDefaults defaults, PortsTogether ports) {
        this.settings = settings;
        this.defaults = defaults;
        this.ports = ports;
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
     * @param ports all others that are listened on; takes these
     */
    static TcpReading read(Settings settings, RouteDefaults defaults, PortsTogether ports) {
        TcpReader reader = new TcpReader(settings, defaults, ports);
        settings.inForce(TcpSettings.TCP.key()).forEach(reader::one);
        return new TcpReading(reader.listeners, reader.routes);
    }

    private void one(Setting written) {
        if (OptionText.refuseFlagForm(written, "=", "{listen: \":5432\", to: TAG}", settings)) {
            return;
        }
        Setting given = withParts(written);
        Settings parts = new Settings(given.parts(), settings.problems());
        ListenAddress address = parts.find(TcpSettings.LISTEN);
        if (address == null) {
            if (given.isComplete() && parts.last(TcpSettings.LISTEN.key()) == null) {
                settings.problem(given.source() + ": no listen: (expected: one such as :5432)");
            }
            return;
        }
        List<HostPattern> names = flat(parts.each(TcpSettings.NAMES));
        boolean passthrough = parts.get(TcpSettings.PASSTHROUGH);
        Setting to = parts.last(TcpSettings.TO.key());
        if (!names.isEmpty() && !passthrough && given.isComplete()) {
            settings.problem(given.source() + ": names without tls-passthrough (expected: both: only TLS has names)");
        } else if (!names.isEmpty() && to == null && given.isComplete()) {
            settings.problem(given.source() + ": names, and no to: (expected: a tag or a service's name)");
        }
        boolean proxyProtocol = parts.get(TlsSettings.PROXY_PROTOCOL);
        ProxySenders.refuseNone(proxyProtocol, given, settings);
        Listener listener = new Listener(
                address, false, proxyProtocol, new TcpPort(passthrough, to == null, parts.get(TcpSettings.IDLE)));
        boolean isUsable = addListener(listener, given);
        RouteOptions options = options(parts);
        if (to != null) {
            addRoutes(given, to, address.port(), names, options, isUsable);
        }
    }

    /** Port 0 is one of all its entries: a free one. */
    private static boolean isSamePort(ListenAddress one, ListenAddress other) {
        return one.equals(other) || one.overlaps(other);
    }

    /**
     * Adds a port, or the route to one that is there already: several names may share it.
     *
     * @return whether that is so, and its routes are worth a look
     */
    private boolean addListener(Listener added, Setting given) {
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
            return agree;
        }
        listeners.add(added);
        return ports.add(added.address(), given.source(), TcpSettings.TCP.key());
    }

    private void addRoutes(
            Setting given, Setting to, int port, List<HostPattern> names, RouteOptions options, boolean isUsable) {
        Target target = TargetReader.readTcp(to.value().strip(), given.source() + ": :" + port, settings);
        if (!isUsable) {
            return;
        }
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
        refusePolicyOfRequests(parts);
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

    /** What is for all routes may be meant for those of HTTP; here it is then without effect. */
    private void refusePolicyOfRequests(Settings parts) {
        Setting given = parts.last(PickSettings.POLICY.key());
        Policy policy =
                given == null ? null : PickSettings.POLICY.form().parse().apply(given.value());
        if (given != null && policy != null && policy.needsRequest()) {
            settings.problem(
                    given,
                    "a policy that needs no request, as connections have none: " + Policy.EXPECTED_OF_CONNECTIONS);
        }
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

    /** A value with its parts; of a flag they stand in its text: the address and the target, then the others behind semicolons. */
    private Setting withParts(Setting given) {
        if (!given.isFlag()) {
            return given;
        }
        List<String> texts = new ArrayList<>(Arrays.asList(given.value().split(";", -1)));
        String first = texts.get(0);
        int equals = first.indexOf('=');
        texts.set(0, TcpSettings.LISTEN.key() + "=" + (equals < 0 ? first : first.substring(0, equals)).strip());
        if (equals >= 0) {
            texts.add(
                    1, TcpSettings.TO.key() + "=" + first.substring(equals + 1).strip());
        }
        return OptionText.group(texts, TcpSettings.TCP.partTable(), given, settings::problem);
    }
}

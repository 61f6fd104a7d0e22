package dev.pointsman.balancer;

import dev.pointsman.balancer.admin.BalancerReadiness;
import dev.pointsman.balancer.admin.StateView;
import dev.pointsman.balancer.downstream.ConnectionLimit;
import dev.pointsman.balancer.exposition.BalancerFacts;
import dev.pointsman.balancer.live.ConfigState;
import dev.pointsman.balancer.live.LiveConfig;
import dev.pointsman.balancer.metrics.DurationCounts;
import dev.pointsman.balancer.overview.BalancerState;
import dev.pointsman.balancer.proxy.RoutingSnapshot;
import dev.pointsman.balancer.trace.SpanCounts;
import dev.pointsman.balancer.upstream.UpstreamRoom;
import dev.pointsman.registry.RegistryRequests;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What there is to say of this balancer as a whole, of the parts that know it. Thread-safe. */
final class OwnFacts implements BalancerFacts {
    private final BalancerReadiness readiness;
    private final RequestObservation observation;
    private final Supplier<RoutingSnapshot> routing;
    private final Supplier<List<RegistryRequests>> registryRequests;
    private final @Nullable LiveConfig live;
    private final Instant startedAt;
    private volatile @Nullable ConnectionLimit clients;
    private volatile @Nullable UpstreamRoom upstreams;
    private volatile @Nullable Certificates certificates;

    OwnFacts(
            BalancerReadiness readiness,
            RequestObservation observation,
            Supplier<RoutingSnapshot> routing,
            Supplier<List<RegistryRequests>> registryRequests,
            @Nullable LiveConfig live,
            Instant startedAt) {
        this.readiness = readiness;
        this.observation = observation;
        this.routing = routing;
        this.registryRequests = registryRequests;
        this.live = live;
        this.startedAt = startedAt;
    }

    /** Takes what counts connections, as soon as there are any. */
    void connectionsCountedBy(
            ConnectionLimit ofClients, UpstreamRoom ofUpstreams, @Nullable Certificates ofClientPorts) {
        certificates = ofClientPorts;
        clients = ofClients;
        upstreams = ofUpstreams;
    }

    /** The version of the program; null where it does not run from its jar. */
    static @Nullable String programVersion() {
        return Balancer.class.getPackage().getImplementationVersion();
    }

    @Override
    public String version() {
        return Objects.requireNonNullElse(programVersion(), "unknown");
    }

    @Override
    public boolean isReady() {
        return readiness.state() == BalancerReadiness.ReadinessState.READY;
    }

    @Override
    public ConnectionCounts connections() {
        ConnectionLimit down = clients;
        UpstreamRoom up = upstreams;
        return down == null || up == null
                ? ConnectionCounts.NONE
                : new ConnectionCounts(down.open(), down.admitted(), down.rejected(), up.open(), up.opened());
    }

    @Override
    public @Nullable TlsFacts tls() {
        Certificates known = certificates;
        return known == null ? null : known.facts();
    }

    @Override
    public ConfigFacts config() {
        if (live == null) {
            return ConfigFacts.FIXED;
        }
        ConfigState state = live.state();
        Map<String, Long> reloads = new TreeMap<>();
        live.reloads().forEach((kind, count) -> reloads.put(kind.name().toLowerCase(Locale.ROOT), count));
        return new ConfigFacts(state.version(), state.since(), state.refused() != null, reloads);
    }

    /** All of that, as the live view shows it. */
    BalancerState state() {
        ConnectionCounts connections = connections();
        ConfigState config = live == null ? null : live.state();
        return new BalancerState(
                version(),
                StateView.lowerCase(readiness.state()),
                startedAt,
                connections.clientsOpen(),
                connections.upstreamsOpen(),
                config == null ? ConfigFacts.FIXED.version() : config.version(),
                config == null ? null : config.since(),
                config == null || config.refused() == null
                        ? null
                        : config.refused().problems().stream().findFirst().orElse("refused"));
    }

    @Override
    public int routes() {
        return routing.get().table().routes().size();
    }

    @Override
    public long tableVersion() {
        return routing.get().version();
    }

    @Override
    public DurationCounts followTimes() {
        return observation.metering().followTimes();
    }

    @Override
    public List<RegistryRequests> registryRequests() {
        return registryRequests.get();
    }

    @Override
    public Map<String, Long> dropped() {
        SpanCounts spans = observation.spans();
        return Map.of("access-log-lines", observation.lostAccessLogLines(), "spans", spans.dropped() + spans.failed());
    }

    @Override
    public long failedAccessLogWrites() {
        return observation.failedAccessLogWrites();
    }
}

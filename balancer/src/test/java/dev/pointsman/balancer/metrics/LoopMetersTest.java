package dev.pointsman.balancer.metrics;

import static dev.pointsman.balancer.testkit.TestProxy.sendRequest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.balancer.metrics.RouteCounts.ResponseKind;
import dev.pointsman.balancer.metrics.TrafficMeters.InstanceName;
import dev.pointsman.balancer.metrics.TrafficMeters.RouteName;
import dev.pointsman.balancer.resilience.FailureKind;
import dev.pointsman.balancer.testkit.TestProxy;
import dev.pointsman.balancer.testkit.Wire;
import dev.pointsman.registry.InstanceKey;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is counted of real requests. */
class LoopMetersTest {
    private static final RouteName SVC = new RouteName("/svc", "svc");
    private static final RouteName NO_ROUTE = new RouteName("", "");

    private final TrafficMeters meters = new TrafficMeters(new Buckets(List.of(Duration.ofMillis(10))));

    @RegisterExtension
    private final TestProxy proxy = new TestProxy("route=/svc=svc").observedBy(meters.addLoop());

    /** The counts, as soon as there are so many requests: one is counted right after its response has gone out. */
    private Map<RouteName, RouteCounts> routesAfter(int requests) {
        return await().until(
                        meters::routes,
                        routes -> routes.values().stream()
                                        .mapToLong(RouteCounts::requests)
                                        .sum()
                                == requests);
    }

    private static RouteCounts of(Map<RouteName, RouteCounts> routes, RouteName name) {
        assertThat(routes).containsKey(name);
        return Objects.requireNonNull(routes.get(name));
    }

    @Test
    void requests_are_counted_by_route_method_and_status() throws Exception {
        proxy.upstream((request, wire) ->
                wire.respond(request.head().uri().equals("/svc/missing") ? 404 : 200, request.body()));

        proxy.get("/svc");
        proxy.get("/svc/other");
        proxy.get("/svc/missing");
        proxy.post("/svc", "four");
        proxy.request("BREW", "/svc");
        proxy.request("brew", "/svc");

        RouteCounts counts = of(routesAfter(6), SVC);
        Map<ResponseKind, Long> expected = new HashMap<>();
        expected.put(new ResponseKind(KnownMethod.GET, 200), 2L);
        expected.put(new ResponseKind(KnownMethod.GET, 404), 1L);
        expected.put(new ResponseKind(KnownMethod.POST, 200), 1L);
        expected.put(new ResponseKind(KnownMethod.OTHER, 200), 2L);
        assertThat(counts.responses()).isEqualTo(expected);
        assertThat(counts.requestBytes()).isEqualTo(4);
        assertThat(counts.responseBytes()).isEqualTo(4);
        assertThat(counts.whole().count()).isEqualTo(6);
        assertThat(counts.phase(RequestPhase.CONNECT).count()).isBetween(1L, 6L);
        assertThat(counts.phase(RequestPhase.FIRST_BYTE).count()).isEqualTo(6);
        assertThat(counts.phase(RequestPhase.BODY).count()).isEqualTo(6);
        assertThat(counts.phase(RequestPhase.WAIT).count()).isZero();
        assertThat(counts.failures()).isEmpty();
    }

    @Test
    void paths_that_no_route_takes_are_one_series() throws Exception {
        Wire client = proxy.connect();
        for (int i = 0; i < 1000; i++) {
            sendRequest(client, "GET", "/nowhere/" + i + "?secret=" + i);
            client.readMessage();
        }

        Map<RouteName, RouteCounts> routes = routesAfter(1000);

        assertThat(routes).containsOnlyKeys(NO_ROUTE);
        assertThat(of(routes, NO_ROUTE).failures()).isEqualTo(Map.of(FailureKind.NO_ROUTE, 1000L));
    }

    @Test
    void an_attempt_that_fails_counts_for_its_instance_and_a_retry_for_the_route() throws Exception {
        proxy.refusingUpstream();
        proxy.upstream((request, wire) -> wire.respond(503, "busy"));

        proxy.get("/svc");

        RouteCounts counts = of(routesAfter(1), SVC);
        assertThat(counts.retries()).isEqualTo(1);
        assertThat(counts.errors()).isEqualTo(1);
        Map<InstanceName, UpstreamCounts> instances = meters.instances();
        UpstreamCounts refusing =
                Objects.requireNonNull(instances.get(new InstanceName("svc", new InstanceKey("n1", "u0"))));
        UpstreamCounts busy =
                Objects.requireNonNull(instances.get(new InstanceName("svc", new InstanceKey("n1", "u1"))));
        assertThat(refusing.failures()).isEqualTo(Map.of(FailureKind.CONNECT_FAILED, 1L));
        assertThat(refusing.responses()).isEmpty();
        assertThat(busy.responses()).isEqualTo(Map.of(5, 1L));
        assertThat(busy.connections()).isEqualTo(1);
        assertThat(busy.firstByte().count()).isEqualTo(1);
    }

    @Test
    void loops_add_up() throws Exception {
        proxy.observedBy(meters.addLoop(), meters.addLoop());
        proxy.reload("route=/svc=svc");
        proxy.upstream((request, wire) -> wire.respond(200, "ok"));

        proxy.get("/svc");

        assertThat(of(routesAfter(2), SVC).whole().count()).isEqualTo(2);
    }

    @Test
    void what_is_gone_for_ten_minutes_is_forgotten_and_not_before() throws Exception {
        proxy.upstream((request, wire) -> wire.respond(200, "ok"));
        proxy.get("/svc");
        routesAfter(1);
        GoneSeries gone = new GoneSeries(meters);
        long start = Long.MAX_VALUE - 5;
        long kept = GoneSeries.KEPT.toNanos();

        gone.look(Set.copyOf(proxy.upstreams()), Set.of(SVC), start);
        gone.look(Set.of(), Set.of(), start + 1);
        gone.look(Set.of(), Set.of(), start + kept);
        assertThat(meters.routes()).containsKey(SVC);
        assertThat(meters.instances()).hasSize(1);

        // One that comes back begins anew.
        gone.look(Set.of(), Set.of(SVC), start + kept + 1);
        gone.look(Set.of(), Set.of(), start + kept + 2);
        assertThat(meters.routes()).containsKey(SVC);
        assertThat(meters.instances()).isEmpty();

        gone.look(Set.of(), Set.of(), start + 2 * kept + 2);
        assertThat(meters.routes()).isEmpty();
    }

    @Test
    void a_route_that_stays_is_forgotten_for_the_service_that_it_does_not_lead_to_any_more() throws Exception {
        proxy.upstream((request, wire) -> wire.respond(200, "ok"));
        proxy.get("/svc");
        routesAfter(1);
        GoneSeries gone = new GoneSeries(meters);
        RouteName other = new RouteName("/svc", "other");

        gone.look(Set.of(), Set.of(other), 0);
        gone.look(Set.of(), Set.of(other), GoneSeries.KEPT.toNanos());

        assertThat(meters.routes()).isEmpty();
    }

    @Test
    void counts_of_an_instance_that_came_back_do_not_go_down_when_its_first_stay_is_forgotten() throws Exception {
        GoneSeries gone = new GoneSeries(meters);
        proxy.upstream((request, wire) -> wire.respond(200, "ok"));
        proxy.get("/svc");
        routesAfter(1);
        proxy.emptyPool();
        proxy.upstream((request, wire) -> wire.respond(500, "no"));
        proxy.get("/svc");
        routesAfter(2);
        assertThat(meters.upstreams()).hasSize(2);

        gone.look(Set.copyOf(proxy.upstreams()), Set.of(SVC), 0);
        gone.look(Set.copyOf(proxy.upstreams()), Set.of(SVC), GoneSeries.KEPT.toNanos());

        InstanceName name = new InstanceName("svc", new InstanceKey("n1", "u0"));
        UpstreamCounts counts = Objects.requireNonNull(meters.instances().get(name));
        assertThat(meters.upstreams()).hasSize(1);
        assertThat(counts.responses()).isEqualTo(Map.of(2, 1L, 5, 1L));
        assertThat(counts.connections()).isEqualTo(2);
        assertThat(counts.firstByte().count()).isEqualTo(2);

        gone.look(Set.of(), Set.of(SVC), GoneSeries.KEPT.toNanos());
        gone.look(Set.of(), Set.of(SVC), 2 * GoneSeries.KEPT.toNanos());
        assertThat(meters.instances()).isEmpty();
    }
}

package dev.pointsman.balancer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pointsman.balancer.testkit.ScriptedUpstream;
import dev.pointsman.balancer.testkit.TestBalancer;
import dev.pointsman.balancer.testkit.Wire;
import dev.pointsman.testkit.RoutingVector;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Routes to upstreams that are written down, and health checks, as clients and the admin API see them. */
class StaticUpstreamsTest {
    private static final int REQUESTS = 100;
    private static final double TOLERANCE = 0.06;
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final String OFTEN = ";health=/health;health-interval=100ms;health-fails=2;health-passes=1";

    @RegisterExtension
    private final TestBalancer balancer = new TestBalancer();

    private final List<ScriptedUpstream> upstreams = new ArrayList<>();

    /** The requests that have to be there before any of them gets a response. */
    private volatile CountDownLatch together = new CountDownLatch(0);

    @AfterEach
    void close() throws IOException {
        for (ScriptedUpstream upstream : upstreams) {
            upstream.close();
        }
    }

    @Test
    void each_vector_has_its_shares_over_one_connection_and_over_a_hundred() throws Exception {
        List<RoutingVector> vectors = Stream.concat(
                        RoutingVector.of("static", "native"), RoutingVector.of("weights", "native"))
                .toList();
        List<String> routes = new ArrayList<>();
        for (RoutingVector vector : vectors) {
            routes.add("route=" + host(vector) + "/=" + urls(vector));
        }
        balancer.start(routes.toArray(new String[0]));
        Wire one = balancer.connect();
        List<Wire> hundred = new ArrayList<>();
        for (int i = 0; i < REQUESTS; i++) {
            hundred.add(balancer.connect());
        }

        for (RoutingVector vector : vectors) {
            Map<String, Integer> overOne = new TreeMap<>();
            for (int i = 0; i < REQUESTS; i++) {
                ask(vector, one);
                overOne.merge(answer(one), 1, Integer::sum);
            }
            assertShares(vector, overOne);
            Map<String, Integer> overHundred = new TreeMap<>();
            // Else whoever responds sooner on a busy machine is sent more, as round robin is bounded by load.
            together = new CountDownLatch(REQUESTS);
            for (Wire wire : hundred) {
                ask(vector, wire);
            }
            for (Wire wire : hundred) {
                overHundred.merge(answer(wire), 1, Integer::sum);
            }
            together = new CountDownLatch(0);
            assertShares(vector, overHundred);
        }
    }

    private static String host(RoutingVector vector) {
        return vector.id() + ".example";
    }

    /** The upstreams of a vector as a flag has them, each of which answers with its id. */
    private String urls(RoutingVector vector) throws IOException {
        List<String> urls = new ArrayList<>();
        for (JsonNode target : vector.input().path("targets")) {
            String id = target.path("id").asText();
            urls.add(url(upstream((request, wire) -> respondTogether(wire, id)))
                    + (target.has("weight") ? " weight=" + target.path("weight").asInt() : "")
                    + (target.path("down").asBoolean() ? " down" : "")
                    + (target.path("backup").asBoolean() ? " backup" : ""));
        }
        return String.join(",", urls);
    }

    private void respondTogether(Wire wire, String id) throws Exception {
        CountDownLatch others = together;
        others.countDown();
        assertThat(others.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        wire.respond(200, id);
    }

    private static void ask(RoutingVector vector, Wire wire) throws IOException {
        wire.sendHead("GET / HTTP/1.1", "Host: " + host(vector));
    }

    private static String answer(Wire wire) throws IOException {
        var message = wire.readMessage();
        return message.status() == 200 ? message.body() : "status " + message.status();
    }

    private static void assertShares(RoutingVector vector, Map<String, Integer> counts) {
        if (vector.expected().has("status")) {
            assertThat(counts)
                    .as(vector.toString())
                    .containsExactly(Map.entry(
                            "status " + vector.expected().path("status").asInt(), REQUESTS));
            return;
        }
        for (JsonNode target : vector.input().path("targets")) {
            String id = target.path("id").asText();
            assertThat(counts.getOrDefault(id, 0) / (double) REQUESTS)
                    .as("%s, %s", vector, id)
                    .isCloseTo(vector.expected().path("shares").path(id).asDouble(), within(TOLERANCE));
        }
    }

    @Test
    void an_upstream_whose_check_fails_gets_no_requests_until_it_passes_again() throws Exception {
        AtomicInteger health = new AtomicInteger(200);
        ScriptedUpstream sick = upstream((request, wire) -> {
            boolean check = request.head().uri().equals("/health");
            wire.respond(check ? health.get() : 200, "sick");
        });
        ScriptedUpstream well = upstream((request, wire) -> wire.respond(200, "well"));
        balancer.start("route=/=" + url(sick) + "," + url(well) + OFTEN);
        assertThat(bodies(10)).contains("sick", "well");

        health.set(500);
        await().untilAsserted(() -> assertThat(states()).containsValue("critical"));
        assertThat(bodies(10)).containsOnly("well");
        assertThat(reasons()).anyMatch(reason -> reason.matches("GET /health answered 500( twice, last)? at .*Z"));
        assertThat(balancer.admin().get("/api/changes").json().path("changes"))
                .filteredOn(change -> change.path("to").asText().equals("critical"))
                .singleElement()
                .satisfies(change -> assertThat(change.path("reason").asText()).startsWith("GET /health answered 500"));

        health.set(204);
        await().untilAsserted(() -> assertThat(states()).doesNotContainValue("critical"));
        assertThat(bodies(10)).contains("sick", "well");
    }

    @Test
    void a_backup_serves_while_the_check_of_the_only_other_fails() throws Exception {
        AtomicInteger health = new AtomicInteger(200);
        ScriptedUpstream main = upstream((request, wire) -> {
            boolean check = request.head().uri().equals("/health");
            wire.respond(check ? health.get() : 200, "main");
        });
        ScriptedUpstream backup = upstream((request, wire) -> wire.respond(200, "backup"));
        balancer.start("route=/=" + url(main) + "," + url(backup) + " backup" + OFTEN);
        assertThat(bodies(10)).containsOnly("main");

        health.set(503);
        await().untilAsserted(() -> assertThat(bodies(3)).containsOnly("backup"));
        health.set(200);
        await().untilAsserted(() -> assertThat(bodies(3)).containsOnly("main"));
    }

    @Test
    void instances_of_the_registry_are_checked_as_well_where_a_route_asks_for_it() throws Exception {
        balancer.instance(
                "sick", (request, wire) -> wire.respond(request.head().uri().equals("/health") ? 500 : 200, "sick"));
        balancer.instances("well");
        balancer.start("route=/=svc" + OFTEN);

        await().untilAsserted(() -> assertThat(states()).containsEntry("sick", "critical"));
        assertThat(bodies(10)).containsOnly("well");
    }

    @Test
    void a_name_is_looked_up() throws Exception {
        ScriptedUpstream upstream =
                upstream((request, wire) -> wire.respond(200, request.head().one("Host") + ""));
        balancer.start("route=/=http://localhost:" + upstream.port() + ";host=instance");

        assertThat(balancer.client().get("/").body()).isEqualTo("localhost:" + upstream.port());
    }

    private ScriptedUpstream upstream(ScriptedUpstream.Response response) throws IOException {
        ScriptedUpstream upstream = ScriptedUpstream.standalone(response);
        upstreams.add(upstream);
        return upstream;
    }

    private static String url(ScriptedUpstream upstream) {
        return "http://127.0.0.1:" + upstream.port();
    }

    private List<String> bodies(int count) {
        List<String> bodies = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            bodies.add(balancer.client().get("/").body());
        }
        return bodies;
    }

    /** The states of all upstreams, by id. */
    private Map<String, String> states() {
        Map<String, String> states = new TreeMap<>();
        listed().forEach(one ->
                states.put(one.path("id").asText(), one.path("state").asText()));
        return states;
    }

    private List<String> reasons() {
        List<String> reasons = new ArrayList<>();
        listed().forEach(one -> reasons.add(one.path("reason").asText()));
        return reasons;
    }

    private JsonNode listed() {
        return balancer.admin()
                .get("/api/services")
                .json()
                .path("services")
                .path(0)
                .path("upstreams");
    }
}

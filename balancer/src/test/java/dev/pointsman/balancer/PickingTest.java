package dev.pointsman.balancer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pointsman.balancer.testkit.ScriptedUpstream;
import dev.pointsman.balancer.testkit.TestBalancer;
import dev.pointsman.testkit.TestHttp;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The instances that requests go to, as clients and the admin API see them. */
class PickingTest {
    @RegisterExtension
    private final TestBalancer balancer = new TestBalancer();

    @Test
    void a_sticky_client_goes_on_to_where_its_first_request_went() throws Exception {
        balancer.instances("a", "b", "c");
        balancer.start("route=/=svc;policy=sticky:SESSION");

        TestHttp.Reply first = balancer.client().get("/");
        String cookie = Objects.requireNonNull(first.header("Set-Cookie"));

        assertThat(cookie).matches("SESSION=[A-Za-z0-9_-]{22}; Path=/; HttpOnly; SameSite=Lax");
        for (int i = 0; i < 9; i++) {
            TestHttp.Reply next = getWithCookie(nameAndValue(cookie));
            assertThat(next.body()).isEqualTo(first.body());
            assertThat(next.header("Set-Cookie")).as("a second cookie").isNull();
        }
    }

    @Test
    void a_sticky_cookie_is_understood_by_another_balancer_and_after_a_restart() throws Exception {
        balancer.instances("a", "b", "c");
        balancer.start("policy=sticky", "sticky-secret=correct horse battery");
        TestHttp.Reply first = balancer.client().get("/");
        String cookie = nameAndValue(Objects.requireNonNull(first.header("Set-Cookie")));

        balancer.start("policy=sticky", "sticky-secret=correct horse battery");
        assertThat(getWithCookie(cookie).body()).isEqualTo(first.body());
        assertThat(getWithCookie(cookie).header("Set-Cookie")).isNull();

        balancer.start("policy=sticky", "sticky-secret=another secret altogether");
        assertThat(getWithCookie(cookie).header("Set-Cookie")).isNotNull();
    }

    @Test
    void a_sticky_client_whose_instance_is_gone_is_served_by_another_one_and_given_its_cookie() throws Exception {
        balancer.instances("a", "b");
        balancer.start("policy=sticky");
        TestHttp.Reply first = balancer.client().get("/");
        String cookie = nameAndValue(Objects.requireNonNull(first.header("Set-Cookie")));

        balancer.consul().forget(first.body());

        String other = first.body().equals("a") ? "b" : "a";
        await().untilAsserted(() -> {
            TestHttp.Reply moved = getWithCookie(cookie);
            assertThat(moved.body()).isEqualTo(other);
            assertThat(nameAndValue(Objects.requireNonNull(moved.header("Set-Cookie"))))
                    .isNotEqualTo(cookie);
        });
    }

    @Test
    void an_upstream_s_own_cookies_stay_beside_the_sticky_one() throws Exception {
        balancer.instance("a", (request, wire) -> wire.respond(200, "a", "Set-Cookie: own=1"));
        balancer.start("policy=sticky");

        var wire = balancer.connect();
        wire.sendHead("GET / HTTP/1.1", "Host: x");

        assertThat(wire.readMessage().head().all("Set-Cookie")).hasSize(2);
    }

    @Test
    void requests_with_the_same_key_go_to_the_same_instance() throws Exception {
        balancer.instances("a", "b", "c", "d");
        balancer.start("route=/=svc;policy=hash:header:X-Tenant", "route=/q=svc;policy=hash:query:tenant");

        Set<String> all = new HashSet<>();
        for (int tenant = 0; tenant < 20; tenant++) {
            Set<String> ofOne = new HashSet<>();
            Set<String> ofOneByQuery = new HashSet<>();
            for (int i = 0; i < 4; i++) {
                ofOne.add(balancer.client()
                        .send("GET", "/", null, Map.of("X-Tenant", "t" + tenant))
                        .body());
                ofOneByQuery.add(balancer.client()
                        .get("/q?x=" + i + "&tenant=t" + tenant)
                        .body());
            }
            assertThat(ofOne).hasSize(1).isEqualTo(ofOneByQuery);
            all.addAll(ofOne);
        }
        assertThat(all).hasSize(4);
    }

    @Test
    void weights_count_as_soon_as_the_registry_has_them() throws Exception {
        balancer.instances("a", "b");
        balancer.start();
        assertThat(bodies(8)).containsExactlyInAnyOrder("a", "a", "a", "a", "b", "b", "b", "b");

        balancer.consul().weigh("a", 3);

        await().untilAsserted(
                        () -> assertThat(upstream("a").path("weight").asInt()).isEqualTo(3));
        assertThat(bodies(8)).containsExactlyInAnyOrder("a", "a", "a", "a", "a", "a", "b", "b");
    }

    @Test
    void an_instance_that_cannot_be_reached_is_left_out_and_the_admin_api_says_why() throws Exception {
        balancer.instances("a");
        balancer.consul().list("svc", "dead", 1, "passing", "");
        balancer.start();

        assertThat(bodies(6)).containsOnly("a");

        JsonNode dead = upstream("dead");
        assertThat(dead.path("state").asText()).isEqualTo("ejected");
        assertThat(dead.path("reason").asText()).isEqualTo("ejected for 30 s: it could not be reached");
        assertThat(dead.path("picks").asInt()).isEqualTo(1);
        JsonNode counts = services().get(0).path("counts");
        assertThat(counts.path("retries").asInt()).isEqualTo(1);
        assertThat(counts.path("ejections").asInt()).isEqualTo(1);
        JsonNode newest =
                balancer.admin().get("/api/changes").json().path("changes").get(0);
        assertThat(newest.path("id").asText()).isEqualTo("dead");
        assertThat(newest.path("from").asText()).isEqualTo("ready");
        assertThat(newest.path("to").asText()).isEqualTo("ejected");
    }

    @Test
    void when_nothing_looks_healthy_all_are_tried_unless_told_otherwise() throws Exception {
        ScriptedUpstream alive = balancer.instance("a", (request, wire) -> wire.respond(200, "a"));
        balancer.consul().list("svc", "a", alive.port(), "critical", "HTTP GET: 500");
        balancer.start("route=/=svc", "route=/strict=svc;fail-open=false");

        assertThat(balancer.client().get("/").body()).isEqualTo("a");
        assertThat(balancer.client().get("/strict").status()).isEqualTo(503);
        assertThat(services()).anyMatch(service -> service.path("failOpen").asBoolean());
    }

    @Test
    void a_fresh_instance_tells_how_long_it_took_until_its_first_request() throws Exception {
        balancer.instances("a", "b");
        balancer.start();
        assertThat(upstream("a").path("firstPickAfterMs").isNull()).isTrue();

        bodies(2);

        assertThat(upstream("a").path("firstPickAfterMs").asDouble(-1)).isPositive();
    }

    @Test
    void what_stops_an_instance_can_ask_whether_it_is_still_in_use() throws Exception {
        balancer.instances("a", "b");
        balancer.start();

        JsonNode ready = balancer.admin().get("/api/instances/a").json();
        assertThat(ready.path("acceptsNew").asBoolean()).isTrue();
        assertThat(ready.path("inFlight").asInt(-1)).isZero();
        assertThat(ready.path("pools")).hasSize(1);

        balancer.consul().forget("a");

        await().untilAsserted(() -> {
            JsonNode gone = balancer.admin().get("/api/instances/a").json();
            assertThat(gone.path("acceptsNew").asBoolean(true)).isFalse();
            assertThat(gone.path("inFlight").asInt(-1)).isZero();
            assertThat(gone.path("pools")).isEmpty();
        });
    }

    @Test
    void what_stops_an_instance_finds_the_balancer_in_the_registry() throws Exception {
        balancer.start();

        await().untilAsserted(() -> assertThat(balancer.consul().registered()).hasSize(1));
        var own = balancer.consul().registered().get(0);
        assertThat(own.getString("Name")).isEqualTo("pointsman-balancer");
        assertThat(own.getJsonObject("Meta").getString("proto")).isEqualTo("1");
        TestHttp admin = new TestHttp("http://" + own.getJsonObject("Meta").getString("admin"));
        assertThat(admin.get("/api/instances/any").status()).isEqualTo(200);

        balancer.stop();

        assertThat(balancer.consul().registered()).isEmpty();
    }

    @Test
    void a_balancer_that_is_told_so_does_not_register() throws Exception {
        balancer.start("register=false");
        balancer.stop();

        assertThat(balancer.consul().registered()).isEmpty();
    }

    private TestHttp.Reply getWithCookie(String cookie) {
        return balancer.client().send("GET", "/", null, Map.of("Cookie", "other=1; " + cookie));
    }

    private static String nameAndValue(String setCookie) {
        return setCookie.substring(0, setCookie.indexOf(';'));
    }

    private List<String> bodies(int count) {
        TestHttp client = balancer.client();
        return new ArrayList<>(
                IntStream.range(0, count).mapToObj(i -> client.get("/").body()).toList());
    }

    private JsonNode services() {
        return balancer.admin().get("/api/services").json().path("services");
    }

    private JsonNode upstream(String id) {
        for (JsonNode upstream : services().get(0).path("upstreams")) {
            if (upstream.path("id").asText().equals(id)) {
                return upstream;
            }
        }
        throw new AssertionError("no upstream " + id);
    }
}

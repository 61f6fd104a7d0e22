package dev.pointsman.balancer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pointsman.balancer.config.BalancerConfig;
import dev.pointsman.balancer.config.ConfigReader;
import dev.pointsman.balancer.testkit.ScriptedUpstream;
import dev.pointsman.balancer.testkit.TestProxy;
import dev.pointsman.balancer.testkit.TinyConsul;
import dev.pointsman.balancer.testkit.Wire;
import dev.pointsman.settings.Setting;
import dev.pointsman.testkit.FreePorts;
import dev.pointsman.testkit.TestHttp;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The balancer as a whole, with a tiny Consul. */
class BalancerTest {
    private final List<AutoCloseable> closeables = new ArrayList<>();

    @AfterEach
    void closeEverything() throws Exception {
        for (int i = closeables.size() - 1; i >= 0; i--) {
            closeables.get(i).close();
        }
    }

    @Test
    void when_it_is_ready_every_routed_service_was_looked_up() throws Exception {
        TinyConsul consul = opened(TinyConsul.start());
        consul.list("svc", "a", upstream("from a").port(), "passing", "");

        Balancer balancer = started(start(consul.port()));

        assertThat(http(balancer.adminPort()).get("/health/ready").status()).isEqualTo(200);
        assertThat(http(balancer.port()).get("/").body()).isEqualTo("from a");
    }

    @Test
    void a_registry_that_does_not_respond_is_not_waited_for_longer_than_a_few_seconds() throws Exception {
        TinyConsul consul = opened(TinyConsul.silent());
        consul.list("svc", "a", upstream("from a").port(), "passing", "");

        Balancer balancer = started(start(consul.port()));

        assertThat(http(balancer.adminPort()).get("/health/ready").status()).isEqualTo(200);
        TestHttp.Reply early = http(balancer.port()).get("/");
        assertThat(early.status()).isEqualTo(503);
        assertThat(early.header("Retry-After")).isEqualTo("1");

        consul.speak();
        await().untilAsserted(
                        () -> assertThat(http(balancer.port()).get("/").body()).isEqualTo("from a"));
    }

    @Test
    void it_follows_what_the_registry_says() throws Exception {
        TinyConsul consul = opened(TinyConsul.start());
        consul.list("svc", "a", upstream("from a").port(), "passing", "");
        Balancer balancer = started(start(consul.port()));
        TestHttp client = http(balancer.port());
        assertThat(client.get("/").body()).isEqualTo("from a");

        consul.list("svc", "b", upstream("from b").port(), "passing", "");
        await().untilAsserted(() -> assertThat(
                        List.of(client.get("/").body(), client.get("/").body()))
                .containsExactlyInAnyOrder("from a", "from b"));

        consul.forget("a");
        await().untilAsserted(() -> assertThat(
                        List.of(client.get("/").body(), client.get("/").body()))
                .containsExactly("from b", "from b"));

        consul.forget("b");
        await().untilAsserted(() -> assertThat(client.get("/").status()).isEqualTo(503));
    }

    @Test
    void started_while_no_registry_responds_it_serves_by_the_view_file_until_the_registry_comes_and_knows_better(
            @TempDir Path folder) throws Exception {
        String viewFile = "view-file=" + folder.resolve("view.json");
        TinyConsul before = opened(TinyConsul.start());
        before.list("svc", "a", upstream("from a").port(), "passing", "");
        before.list("svc", "gone meanwhile", FreePorts.take(), "passing", "");
        before.list("svc", "sick", upstream("from the sick").port(), "critical", "");
        Balancer first = started(start(before.port(), viewFile));
        get(first.stop());
        before.close();

        Balancer second = started(start(before.port(), viewFile));

        TestHttp client = http(second.port());
        for (int n = 0; n < 6; n++) {
            assertThat(client.get("/").body()).isEqualTo("from a");
        }
        TestHttp admin = http(second.adminPort());
        var service = admin.get("/api/services").json().path("services").get(0);
        assertThat(service.path("registry").path("lastError").asText()).isNotEmpty();
        assertThat(service.path("upstreams")).hasSize(3).allSatisfy(upstream -> assertThat(
                        upstream.path("reason").asText())
                .isEqualTo("known from the cache file; the registry has not responded yet"));

        TinyConsul after = opened(TinyConsul.startOn(before.port()));
        after.list("svc", "a", upstream("from where a is now").port(), "passing", "");

        await().untilAsserted(() -> assertThat(client.get("/").body()).isEqualTo("from where a is now"));
        await().untilAsserted(() -> assertThat(admin.get("/api/services")
                        .json()
                        .path("services")
                        .get(0)
                        .path("upstreams"))
                .noneMatch(upstream -> upstream.path("reason").asText().contains("cache file")));
    }

    @Test
    void the_admin_api_tells_all_that_is_known_of_each_target() throws Exception {
        TinyConsul consul = opened(TinyConsul.start());
        int portOfA = upstream("from a").port();
        consul.list("svc", "a", portOfA, "passing", "");
        consul.list("svc", "b", 8081, "critical", "HTTP GET http://b: 500");
        Balancer balancer = started(start(consul.port(), "route=/=svc", "route=/none=nothing"));
        http(balancer.port()).get("/");
        http(balancer.port()).get("/");
        TestHttp admin = http(balancer.adminPort());

        TestHttp.Reply reply = admin.get("/api/services");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("content-type")).startsWith("application/json");
        assertThat(reply.header("cache-control")).isEqualTo("no-store");
        var services = reply.json().path("services");
        assertThat(services).extracting(each -> each.path("target").asText()).containsExactly("nothing", "svc");
        assertThat(services.get(0).path("upstreams")).isEmpty();
        var service = services.get(1);
        assertThat(service.path("ready").asInt()).isEqualTo(1);
        var registry = service.path("registry");
        assertThat(registry.path("index").asText()).isEqualTo("12");
        assertThat(registry.path("ageMs").asLong(-1)).isBetween(0L, 60_000L);
        assertThat(registry.path("changedMs").asLong(-1)).isBetween(0L, 60_000L);
        assertThat(registry.path("failures").asInt(-1)).isZero();
        assertThat(registry.has("lastError")).isTrue();
        assertThat(registry.path("lastError").isNull()).isTrue();
        var a = service.path("upstreams").get(0);
        assertThat(a.path("id").asText()).isEqualTo("a");
        assertThat(a.path("node").asText()).isEqualTo("n1");
        assertThat(a.path("service").asText()).isEqualTo("svc");
        assertThat(a.path("address").asText()).isEqualTo("127.0.0.1");
        assertThat(a.path("port").asInt()).isEqualTo(portOfA);
        assertThat(a.path("tags").toString()).isEqualTo("[\"svc\",\"blue\"]");
        assertThat(a.path("state").asText()).isEqualTo("ready");
        assertThat(a.path("reason").asText()).isEqualTo("all checks pass");
        assertThat(a.path("weight").asInt(-1)).isEqualTo(1);
        assertThat(a.path("inFlight").asInt(-1)).isZero();
        assertThat(a.path("picks").asInt(-1)).isEqualTo(2);
        assertThat(a.path("failures").asInt(-1)).isZero();
        var b = service.path("upstreams").get(1);
        assertThat(b.path("state").asText()).isEqualTo("critical");
        assertThat(b.path("reason").asText()).contains("http", "500");
        assertThat(b.path("weight").asInt(-1)).isEqualTo(1);
    }

    @Test
    void the_admin_api_tells_the_routes_longest_first() throws Exception {
        TinyConsul consul = opened(TinyConsul.start());
        Balancer balancer = started(start(consul.port(), "route=/=svc", "route=/api=api-service"));

        JsonNode routes = http(balancer.adminPort()).get("/api/routes").json().path("routes");
        assertThat(routes).hasSize(2);
        assertThat(routes.get(0).toString())
                .startsWith("{\"route\":\"/api\",\"host\":\"\",\"prefix\":\"/api\",\"target\":\"api-service\",")
                .contains("\"source\":\"file\",\"where\":\"--route\"");
        assertThat(routes.get(1).path("route").asText()).isEqualTo("/");
    }

    @Test
    void other_routes_come_into_force_without_a_failed_request() throws Exception {
        TinyConsul consul = opened(TinyConsul.start());
        consul.list("one", "a", upstream("from one").port(), "passing", "");
        consul.list("two", "b", upstream("from two").port(), "passing", "");
        Balancer balancer = started(start(consul.port(), "route=/=one"));
        AtomicBoolean over = new AtomicBoolean();
        ConcurrentHashMap<String, Integer> replies = new ConcurrentHashMap<>();
        CompletableFuture<Void> load = CompletableFuture.runAsync(() -> {
            while (!over.get()) {
                replies.merge(http(balancer.port()).get("/").body(), 1, Integer::sum);
            }
        });

        for (int i = 0; i < 50; i++) {
            String target = i % 2 == 0 ? "two" : "one";
            get(balancer.reconfigure(config(consul.port(), "route=/=" + target), "SIGHUP"));
            assertThat(http(balancer.port()).get("/").body()).isEqualTo("from " + target);
        }
        over.set(true);
        load.get(20, TimeUnit.SECONDS);

        assertThat(replies.keySet()).isSubsetOf("from one", "from two");
    }

    @Test
    void a_pool_whose_target_stays_keeps_its_state_when_routes_change() throws Exception {
        TinyConsul consul = opened(TinyConsul.start());
        consul.list("svc", "a", upstream("from a").port(), "passing", "");
        Balancer balancer = started(start(consul.port(), "route=/=svc"));
        http(balancer.port()).get("/");

        get(balancer.reconfigure(config(consul.port(), "route=shop.example.com/x=svc", "route=/more=other"), "SIGHUP"));

        JsonNode services =
                http(balancer.adminPort()).get("/api/services").json().path("services");
        assertThat(services).hasSize(2);
        assertThat(services.get(0).path("counts").path("picks").asInt()).isEqualTo(1);
        assertThat(http(balancer.port()).get("/").status()).isEqualTo(404);
    }

    @Test
    void an_ejected_instance_stays_so_when_a_setting_of_its_route_changes() throws Exception {
        TinyConsul consul = opened(TinyConsul.start());
        consul.list("svc", "a", upstream("from a").port(), "passing", "");
        consul.list("svc", "gone", FreePorts.take(), "passing", "");
        Balancer balancer = started(start(consul.port(), "route=/=svc"));
        http(balancer.port()).get("/");
        http(balancer.port()).get("/");
        assertThat(stateOf(balancer, "gone")).isEqualTo("ejected");

        get(balancer.reconfigure(config(consul.port(), "route=/=svc;max-in-flight=5"), "SIGHUP"));

        assertThat(stateOf(balancer, "gone")).isEqualTo("ejected");
        assertThat(stateOf(balancer, "a")).isEqualTo("ready");
    }

    private static String stateOf(Balancer balancer, String id) throws Exception {
        JsonNode services =
                http(balancer.adminPort()).get("/api/services").json().path("services");
        for (JsonNode each : services.get(0).path("upstreams")) {
            if (each.path("id").asText().equals(id)) {
                return each.path("state").asText();
            }
        }
        return "not there";
    }

    @Test
    void a_host_decides_where_a_request_goes() throws Exception {
        TinyConsul consul = opened(TinyConsul.start());
        consul.list("shop", "a", upstream("the shop").port(), "passing", "");
        consul.list("any", "b", upstream("any").port(), "passing", "");
        Balancer balancer = started(start(consul.port(), "route=*.example.com/=shop", "route=/=any"));

        Wire client = opened(Wire.to(balancer.port()));
        client.sendHead("GET / HTTP/1.1", "Host: WWW.example.com:80");
        assertThat(client.readMessage().body()).isEqualTo("the shop");
        client.sendHead("GET / HTTP/1.1", "Host: example.com");
        assertThat(client.readMessage().body()).isEqualTo("any");
        client.sendHead("GET http://a.example.com./ HTTP/1.1", "Host: example.com");
        assertThat(client.readMessage().body()).isEqualTo("the shop");
    }

    @Test
    void the_admin_api_refuses_the_rest_in_json() throws Exception {
        TinyConsul consul = opened(TinyConsul.start());
        Balancer balancer = started(start(consul.port()));
        TestHttp admin = http(balancer.adminPort());

        TestHttp.Reply nowhere = admin.get("/api/nothing");
        assertThat(nowhere.status()).isEqualTo(404);
        assertThat(nowhere.header("content-type")).startsWith("application/json");
        assertThat(nowhere.json().path("error").asText()).contains("no such path");

        TestHttp.Reply written = admin.put("/api/services");
        assertThat(written.status()).isEqualTo(405);
        assertThat(written.json().path("error").asText()).contains("not served with that method");
    }

    @Test
    void a_port_for_clients_that_is_taken_is_said_in_a_sentence_and_nothing_stays_behind() throws Exception {
        TinyConsul consul = opened(TinyConsul.start());
        ServerSocket taken = opened(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
        int adminPort = FreePorts.take();

        assertThat(failure(start(consul.port(), "port=" + taken.getLocalPort(), "admin=127.0.0.1:" + adminPort)))
                .isEqualTo("the port for clients, 127.0.0.1:" + taken.getLocalPort()
                        + ", is in use by another program; stop it or choose another with --port or --listen");
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> Wire.to(adminPort));
    }

    @Test
    void one_of_several_ports_that_is_taken_is_said_with_the_flag_that_names_it() throws Exception {
        TinyConsul consul = opened(TinyConsul.start());
        ServerSocket taken = opened(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));

        assertThat(failure(start(
                        consul.port(),
                        "listen=127.0.0.1:0",
                        "listen=127.0.0.1:" + taken.getLocalPort(),
                        "admin=127.0.0.1:" + FreePorts.take())))
                .isEqualTo("the port for clients, 127.0.0.1:" + taken.getLocalPort()
                        + ", is in use by another program; stop it or choose another with --listen");
    }

    @Test
    void an_admin_port_that_is_taken_is_said_in_a_sentence() throws Exception {
        TinyConsul consul = opened(TinyConsul.start());
        ServerSocket taken = opened(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));

        assertThat(failure(start(consul.port(), "admin=127.0.0.1:" + taken.getLocalPort())))
                .isEqualTo("the admin port, 127.0.0.1:" + taken.getLocalPort()
                        + ", is in use by another program; stop it or choose another with --admin");
    }

    @Test
    void an_address_that_is_not_this_machine_s_is_said_in_a_sentence() throws Exception {
        TinyConsul consul = opened(TinyConsul.start());

        // TEST-NET-1 (RFC 5737): no machine has it.
        assertThat(failure(start(consul.port(), "host=192.0.2.1")))
                .startsWith("the port for clients, 192.0.2.1:0, cannot be listened on (")
                .endsWith("); choose another with --port or --listen");
    }

    @Test
    void stopping_goes_from_the_outside_inward_and_loses_no_request() throws Exception {
        TinyConsul consul = opened(TinyConsul.start());
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        ScriptedUpstream upstream = opened(ScriptedUpstream.standalone((request, wire) -> {
            if (request.head().uri().equals("/slow")) {
                asked.countDown();
                goOn.await(10, TimeUnit.SECONDS);
            }
            wire.respond(200, "finished");
        }));
        consul.list("svc", "a", upstream.port(), "passing", "");
        Balancer balancer = started(start(consul.port()));
        int port = balancer.port();
        TestHttp admin = http(balancer.adminPort());
        Wire slow = opened(Wire.to(port));
        TestProxy.sendRequest(slow, "GET", "/slow");
        assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();

        Future<Void> stopping = balancer.stop();

        assertThat(admin.get("/health/ready").json().path("status").asText()).isEqualTo("stopping");
        await().untilAsserted(() -> assertThatExceptionOfType(IOException.class).isThrownBy(() -> Wire.to(port)));
        assertThat(admin.get("/health/ready").status()).isEqualTo(503);
        assertThat(stopping.isComplete()).isFalse();
        goOn.countDown();
        assertThat(slow.readMessage().body()).isEqualTo("finished");
        await().until(stopping::isComplete);
        assertThat(stopping.succeeded()).isTrue();
        assertThat(balancer.stop()).as("asked to stop again").isSameAs(stopping);
        assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> admin.get("/health/live"));
    }

    private static BalancerConfig config(int consulPort, String... flags) throws Exception {
        List<Setting> settings = new ArrayList<>(
                List.of(Setting.flag("admin", "127.0.0.1:0"), Setting.flag("consul", "127.0.0.1:" + consulPort)));
        if (Arrays.stream(flags).noneMatch(flag -> flag.startsWith("listen="))) {
            settings.add(Setting.flag("host", "127.0.0.1"));
            settings.add(Setting.flag("port", "0"));
        }
        for (String flag : flags) {
            int equals = flag.indexOf('=');
            settings.add(Setting.flag(flag.substring(0, equals), flag.substring(equals + 1)));
        }
        if (settings.stream().noneMatch(setting -> setting.key().equals("route"))) {
            settings.add(Setting.flag("route", "/=svc"));
        }
        return ConfigReader.read(settings, Map.of());
    }

    private Future<Balancer> start(int consulPort, String... flags) throws Exception {
        Future<Balancer> starting = Balancer.start(config(consulPort, flags));
        closeables.add(() -> {
            if (starting.succeeded()) {
                get(starting.result().stop());
            }
        });
        return starting;
    }

    private static Balancer started(Future<Balancer> starting) throws Exception {
        return get(starting);
    }

    private static String failure(Future<Balancer> starting) throws Exception {
        try {
            get(starting);
        } catch (ExecutionException failed) {
            Throwable cause = failed.getCause();
            if (cause instanceof StartException sentence) {
                return String.valueOf(sentence.getMessage());
            }
            throw failed;
        }
        throw new AssertionError("it started");
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private ScriptedUpstream upstream(String body) throws IOException {
        return opened(ScriptedUpstream.standalone((request, wire) -> wire.respond(200, body)));
    }

    private <T extends AutoCloseable> T opened(T closeable) {
        closeables.add(closeable);
        return closeable;
    }

    private static TestHttp http(int port) {
        return new TestHttp("http://127.0.0.1:" + port);
    }
}

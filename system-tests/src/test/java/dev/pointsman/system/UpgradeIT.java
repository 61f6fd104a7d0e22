package dev.pointsman.system;

import static dev.pointsman.system.Cluster.API;
import static dev.pointsman.system.Cluster.WEBAPP;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.system.Load.LoadKind;
import dev.pointsman.testkit.FreePorts;
import dev.pointsman.testkit.TestHttp;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A balancer that takes the place of another one: docs/upgrades.md. */
class UpgradeIT {
    private static final String TOKEN = "a-token-for-this-test";
    private static final Pattern HANDED_ON = Pattern.compile("gets the listening sockets");

    @RegisterExtension
    final Cluster cluster = new Cluster();

    private Path runtime;
    private final List<Integer> ports = FreePorts.take(2);
    private Program registry;

    @BeforeEach
    void a_registry(@TempDir Path folder) {
        runtime = folder;
        registry = cluster.startRegistry(0);
    }

    @ParameterizedTest
    @EnumSource(names = {"GETS", "POSTS", "GETS_ON_NEW_CONNECTIONS"})
    void no_request_fails_while_one_process_takes_over_from_the_other(LoadKind kind) {
        ServiceProcess[] services = cluster.services(2, API).toArray(ServiceProcess[]::new);
        BalancerProcess running = balancer();
        running.awaitReadyInstances(API, 2);
        Load load = cluster.loadOn(ports.get(0), "/api/x", kind);
        load.awaitResponsesFromEach(services);

        for (int upgrade = 0; upgrade < 3; upgrade++) {
            BalancerProcess next = balancer("--takeover");
            assertThat(running.program().awaitExit()).isZero();
            load.awaitResponsesFromEach(services);
            running = next;
        }

        load.endsWithoutFailure();
    }

    @Test
    void no_request_in_http2_fails_while_one_process_takes_over_from_the_other() {
        cluster.services(2, API);
        BalancerProcess running = balancer();
        running.awaitReadyInstances(API, 2);
        try (Http2Load load = Http2Load.start(ports.get(0), "/api/x")) {
            load.awaitMore(500);
            for (int upgrade = 0; upgrade < 3; upgrade++) {
                BalancerProcess next = balancer("--takeover");
                assertThat(running.program().awaitExit()).isZero();
                load.awaitMore(500);
                running = next;
            }
            load.endsWithoutFailure();
        }
    }

    @Test
    void a_websocket_lives_on_in_the_process_that_it_came_to() throws Exception {
        new TestHttp(cluster.registry())
                .put(
                        "/v1/agent/service/register",
                        "{\"Name\": \"echo\", \"Address\": \"127.0.0.1\", \"Port\": " + echoingInstance()
                                + ", \"Tags\": [\"webapp-service\"]}");
        BalancerProcess old = balancer("--drain", "1m");
        old.awaitReadyInstances(WEBAPP, 1);
        BlockingQueue<String> received = new LinkedBlockingQueue<>();
        WebSocket socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(URI.create("ws://127.0.0.1:" + ports.get(0) + "/"), new Received(received))
                .get(30, TimeUnit.SECONDS);

        balancer("--takeover");
        socket.sendText("still there?", true).get(30, TimeUnit.SECONDS);

        assertThat(received.poll(30, TimeUnit.SECONDS)).isEqualTo("still there?");
        assertThat(old.program().isAlive()).isTrue();
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(30, TimeUnit.SECONDS);
        assertThat(old.program().awaitExit()).isZero();
    }

    @Test
    void while_the_registry_is_down_the_new_one_knows_what_the_old_one_knew() {
        BalancerProcess old = balancer();
        Load load = loadOnOneInstance(old, LoadKind.GETS);
        registry.end();

        balancer("--takeover");

        assertThat(old.program().awaitExit()).isZero();
        load.awaitMore(100);
        load.endsWithoutFailure();
    }

    @Test
    void routes_of_the_kv_are_served_on_while_the_registry_is_down_as_they_last_were_right() throws Exception {
        ServiceProcess service = cluster.service("of-the-kv");
        cluster.service(WEBAPP);
        TestHttp registryApi = new TestHttp(cluster.registry());
        registryApi.put("/v1/kv/our/routes/one", "/from-kv: of-the-kv");
        BalancerProcess old = balancer("--kv", "our/routes/", "--route", "/=" + WEBAPP);
        old.awaitReadyInstances("of-the-kv", 1);
        old.awaitReadyInstances(WEBAPP, 1);
        registryApi.put("/v1/kv/our/routes/one", "no route");
        old.program().awaitOutput("that it is refused", Pattern.compile("what it was before counts"));
        assertThat(old.pidsOf(2, "/from-kv")).containsOnly(service.pid());
        registry.end();

        BalancerProcess fresh = balancer("--kv", "our/routes/", "--route", "/=" + WEBAPP, "--takeover");

        assertThat(old.program().awaitExit()).isZero();
        assertThat(fresh.pidsOf(2, "/from-kv")).containsOnly(service.pid());
    }

    @Test
    void an_instance_that_was_drained_by_hand_stays_so() throws Exception {
        List<ServiceProcess> services = cluster.services(2, API);
        BalancerProcess old = balancer();
        old.awaitReadyInstances(API, 2);
        assertThat(drain(old, services.get(0).id())).isEqualTo(200);
        old.awaitState(API, services.get(0).id(), "drained");

        BalancerProcess fresh = balancer("--takeover");

        fresh.awaitState(API, services.get(0).id(), "drained");
        assertThat(fresh.pidsOf(4, "/api/x")).containsOnly(services.get(1).pid());
    }

    @Test
    void one_that_cannot_start_says_why_and_the_old_one_goes_on() throws IOException {
        BalancerProcess old = balancer();
        Load load = loadOnOneInstance(old, LoadKind.GETS_ON_NEW_CONNECTIONS);
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {

            Program failing = start("--takeover", "--admin", "127.0.0.1:" + taken.getLocalPort());

            assertThat(failing.awaitExit()).isEqualTo(1);
            assertThat(failing.output())
                    .contains("is in use by another program")
                    .doesNotContain("\tat ");
        }
        Soon.isTrue(
                "the reason in the log of the old one",
                () -> old.program().output().contains("did not take over: the admin port"));
        load.awaitMore(100);
        load.endsWithoutFailure();
        assertThat(old.program().isAlive()).isTrue();
    }

    @Test
    void one_with_far_fewer_descriptors_does_not_take_over() {
        BalancerProcess old = balancer();
        List<String> few = new ArrayList<>(List.of("sh", "-c", "ulimit -n 100; exec \"$@\"", "sh"));
        few.addAll(command("--takeover"));

        Program failing = cluster.start("balancer", environment(), few);

        assertThat(failing.awaitExit()).isEqualTo(1);
        assertThat(failing.output()).contains("this process may have 100 file descriptors (ulimit -n)");
        assertThat(old.program().isAlive()).isTrue();
    }

    @Test
    void one_that_is_killed_before_it_is_ready_leaves_the_old_one_as_it_was_and_another_may_follow() {
        BalancerProcess old = balancer();
        Load load = loadOnOneInstance(old, LoadKind.GETS_ON_NEW_CONNECTIONS);
        Program dying = start("--takeover");
        old.program().awaitOutput("that it hands on its sockets", HANDED_ON);
        dying.signal("STOP");

        Program second = start("--takeover");
        assertThat(second.awaitExit()).isEqualTo(1);
        assertThat(second.output()).contains("is taking over from it already");
        dying.signal("KILL");

        Soon.isTrue("the loss noticed", () -> old.program().output().contains("going on"));
        balancer("--takeover");
        assertThat(old.program().awaitExit()).isZero();
        load.endsWithoutFailure();
    }

    @Test
    void told_to_upgrade_it_starts_the_process_that_takes_over() {
        BalancerProcess old = balancer();
        Load load = loadOnOneInstance(old, LoadKind.GETS);

        Program wrong = upgrade("another-token-than-the-right-one");
        assertThat(wrong.awaitExit()).isEqualTo(1);
        Program upgrade = upgrade(TOKEN);
        assertThat(upgrade.awaitExit()).as(upgrade.output()).isZero();

        long successor = Long.parseLong(
                upgrade.awaitOutput("which process took over", Pattern.compile("process (\\d+) has taken over"))
                        .group(1));
        cluster.beforeTheEnd(() -> Program.signal("KILL", successor));
        Soon.isTrue("the end of the old one", () -> !old.program().isAlive());
        load.awaitMore(100);
        load.endsWithoutFailure();
        assertThat(ProcessHandle.of(successor))
                .hasValueSatisfying(process -> assertThat(process.isAlive()).isTrue());
    }

    @Test
    void each_upgrade_that_fails_tells_its_own_reason_and_none_becomes_a_second_balancer(@TempDir Path folder)
            throws IOException {
        Path file = folder.resolve("balancer.yaml");
        String ports = "port: %d\nadmin: 127.0.0.1:%d\n";
        Files.writeString(file, ports.formatted(this.ports.get(0), this.ports.get(1)));
        Program old = cluster.start(
                "balancer",
                environment(),
                Jar.command("balancer", "--consul", cluster.registry(), "--config", file.toString()));
        BalancerProcess.awaitReady(old);
        int taken = URI.create(cluster.registry()).getPort();

        Files.writeString(file, ports.formatted(this.ports.get(0), taken));
        assertThat(failedUpgrade()).contains("in use by another program");
        Files.writeString(file, "drain: banana\n");
        assertThat(failedUpgrade()).contains("ended with 2; the log of this balancer has what it said");
        List<Integer> others = FreePorts.take(2);
        Files.writeString(file, ports.formatted(others.get(0), others.get(1)));
        assertThat(failedUpgrade()).contains("did not take over, and ended with 1");

        assertThat(old.output()).contains("is not found by port " + others.get(0));
        assertThat(old.isAlive()).isTrue();
    }

    @Test
    void without_a_balancer_to_take_over_from_it_is_the_first() {
        BalancerProcess first = balancer("--takeover");

        assertThat(first.admin("/health/ready").status()).isEqualTo(200);
        assertThat(first.program().output()).contains("this is the first");
    }

    private Load loadOnOneInstance(BalancerProcess balancer, LoadKind kind) {
        ServiceProcess service = cluster.service(API);
        balancer.awaitReadyInstances(API, 1);
        Load load = cluster.loadOn(ports.get(0), "/api/x", kind);
        load.awaitResponsesFromEach(service);
        return load;
    }

    private BalancerProcess balancer(String... flags) {
        return BalancerProcess.awaitReady(start(flags));
    }

    private Program start(String... flags) {
        return cluster.start("balancer", environment(), command(flags));
    }

    private List<String> command(String... flags) {
        Stream<String> own = Stream.of(
                "--consul",
                cluster.registry(),
                "--host",
                "127.0.0.1",
                "--port",
                Integer.toString(ports.get(0)),
                "--admin",
                "127.0.0.1:" + ports.get(1));
        List<String> all = new ArrayList<>(own.toList());
        List<String> more = List.of(flags);
        if (more.contains("--admin")) {
            all.subList(all.size() - 2, all.size()).clear();
        }
        all.addAll(more);
        return Jar.command("balancer", all.toArray(String[]::new));
    }

    private Map<String, String> environment() {
        return Map.of("XDG_RUNTIME_DIR", runtime.toString(), "POINTSMAN_ADMIN_TOKEN", TOKEN);
    }

    private Program upgrade(String token) {
        return cluster.start(
                "upgrade",
                Map.of("POINTSMAN_ADMIN_TOKEN", token),
                Jar.command("upgrade", "--admin", "127.0.0.1:" + ports.get(1)));
    }

    private String failedUpgrade() {
        Program upgrade = upgrade(TOKEN);
        assertThat(upgrade.awaitExit()).as(upgrade.output()).isEqualTo(1);
        return upgrade.output();
    }

    private static int drain(BalancerProcess balancer, String instance) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(
                        "http://127.0.0.1:" + balancer.adminPort() + "/api/instances/" + instance + "/drain"))
                .header("Authorization", "Bearer " + TOKEN)
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private int echoingInstance() throws Exception {
        Vertx vertx = Vertx.vertx();
        cluster.atTheEnd(() -> {
            var unused = vertx.close();
        });
        return vertx.createHttpServer()
                .webSocketHandler(socket -> socket.textMessageHandler(socket::writeTextMessage))
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS)
                .actualPort();
    }

    /** Notes what comes. */
    private record Received(BlockingQueue<String> texts) implements WebSocket.Listener {
        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
            texts.add(text.toString());
            socket.request(1);
            return null;
        }
    }
}

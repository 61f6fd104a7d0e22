package dev.pointsman.system;

import static dev.pointsman.system.Cluster.API;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code ./pointsman demo}, as a newcomer types it. */
class DemoIT {
    private static final Pattern RUNNING = Pattern.compile("Ctrl-C here stops everything");

    @RegisterExtension
    final Cluster cluster = new Cluster();

    private final List<Integer> ports = FreePorts.take(3);

    private int clients() {
        return ports.get(0);
    }

    private String registryUrl() {
        return "http://127.0.0.1:" + ports.get(2);
    }

    private Program demo() {
        List<String> command = List.of(
                Path.of("..", "pointsman").toString(),
                "demo",
                "--port",
                ports.get(0).toString(),
                "--admin-port",
                ports.get(1).toString(),
                "--registry-port",
                ports.get(2).toString());
        Program demo = cluster.start("demo", Map.of("JAVA_HOME", System.getProperty("java.home")), command);
        // Should the test fail before the demo has ended its processes: SIGTERM makes it do so.
        cluster.beforeTheEnd(() -> {
            List<ProcessHandle> children = demo.handle().descendants().toList();
            demo.handle().destroy();
            Soon.isTrue("the end of " + demo.name(), () -> !demo.isAlive());
            children.forEach(ProcessHandle::destroyForcibly);
        });
        return demo;
    }

    private List<Long> pids(String path) throws IOException {
        try (KeepAliveClient client = new KeepAliveClient(clients())) {
            long first = client.get(path).pid();
            return List.of(first, client.get(path).pid(), client.get(path).pid());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM"})
    void it_says_what_to_try_and_that_works_and_a_signal_ends_all_of_it(String signal) {
        Program demo = demo();
        demo.awaitOutput("its hints", RUNNING);

        assertThat(demo.output())
                .contains("curl http://localhost:" + clients() + "/api/anything")
                .contains("curl http://localhost:" + clients() + "/ ")
                .contains("curl http://127.0.0.1:" + ports.get(1) + "/api/services")
                .contains("./pointsman service api-service --consul " + registryUrl());
        for (String path : List.of("/api/anything", "/")) {
            // Not at once: on a machine that is too busy a check may fail for a moment.
            Soon.holds("both instances of " + path + " in turns", () -> {
                List<Long> pids = pids(path);
                assertThat(Set.copyOf(pids)).hasSize(2);
                assertThat(pids.get(2)).isEqualTo(pids.get(0));
            });
        }

        List<ProcessHandle> children = demo.handle().descendants().toList();
        assertThat(children).hasSize(6);
        if (signal.equals("INT")) {
            // Ctrl-C reaches all processes of a terminal; those of the demo leave it to the demo to end them in order.
            children.forEach(child -> Program.signal(signal, child.pid()));
        }
        demo.signal(signal);
        long signalled = System.nanoTime();

        assertThat(demo.awaitExit()).isZero();
        assertThat(Duration.ofNanos(System.nanoTime() - signalled)).isLessThan(Duration.ofSeconds(5));
        assertThat(children).noneMatch(ProcessHandle::isAlive);
        assertThat(demo.output()).contains("Stopped.").doesNotContain("not deregistered", "nothing works");
    }

    @Test
    void a_signal_while_it_starts_ends_what_has_started() {
        Program demo = demo();
        demo.awaitOutput("its first words", Pattern.compile("Starting"));
        Soon.isTrue(
                "its first process", () -> demo.handle().descendants().findAny().isPresent());
        List<ProcessHandle> children = demo.handle().descendants().toList();

        demo.signal("TERM");

        assertThat(demo.awaitExit()).isZero();
        assertThat(children).isNotEmpty().noneMatch(ProcessHandle::isAlive);
        assertThat(demo.output()).contains("Stopped.").doesNotContain("did not start");
    }

    @Test
    void one_more_service_joins_and_a_second_demo_on_the_same_ports_is_refused() {
        Program demo = demo();
        demo.awaitOutput("its hints", RUNNING);
        cluster.useRegistry(registryUrl());

        ServiceProcess fifth = cluster.service(API);

        Soon.isTrue(
                "an answer of the fifth service", () -> IntStream.range(0, 3).anyMatch(i -> {
                    try (KeepAliveClient client = new KeepAliveClient(clients())) {
                        return client.get("/api/x").pid() == fifth.pid();
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                }));

        Program second = demo();
        assertThat(second.awaitExit()).isEqualTo(1);
        assertThat(second.output().lines()).hasSize(1).allSatisfy(line -> assertThat(line)
                .contains("in use")
                .contains(ports.stream().map(String::valueOf).toList()));
    }

    @Test
    void a_service_of_it_that_is_killed_fails_no_request_and_the_rest_goes_on() throws IOException {
        Program demo = demo();
        demo.awaitOutput("its hints", RUNNING);
        long killed = pids("/").get(0);

        assertThat(ProcessHandle.of(killed).orElseThrow().destroyForcibly()).isTrue();

        for (int i = 0; i < 4; i++) {
            assertThat(pids("/")).doesNotContain(killed);
            assertThat(pids("/api/x")).isNotEmpty();
        }
        assertThat(demo.isAlive()).isTrue();
    }
}

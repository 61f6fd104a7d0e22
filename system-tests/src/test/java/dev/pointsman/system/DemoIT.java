package dev.pointsman.system;

import static dev.pointsman.system.Cluster.API;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.testkit.FreePorts;
import dev.pointsman.testkit.TestHttp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code ./pointsman demo}, as a newcomer types it. */
class DemoIT {
    private static final Pattern RUNNING = Pattern.compile("Ctrl-C here stops everything");

    @RegisterExtension
    final Cluster cluster = new Cluster();

    private final List<Integer> ports = FreePorts.take(3);

    /** Where the demo's launcher is found, and no other. */
    private final Path runtime;

    DemoIT(@TempDir Path runtime) {
        this.runtime = runtime;
    }

    private int clients() {
        return ports.get(0);
    }

    private String registryUrl() {
        return "http://127.0.0.1:" + ports.get(2);
    }

    private Program demo() {
        // A session of its own, as a terminal gives it: so Ctrl-C can be sent to all that would hear it there.
        List<String> command = List.of(
                "setsid",
                Path.of("..", "pointsman").toString(),
                "demo",
                "--port",
                ports.get(0).toString(),
                "--admin-port",
                ports.get(1).toString(),
                "--registry-port",
                ports.get(2).toString());
        Program demo = cluster.start("demo", environment(), command);
        // Should the test fail before the demo has ended its processes: SIGTERM makes it do so.
        cluster.beforeTheEnd(() -> {
            List<ProcessHandle> children = demo.handle().descendants().toList();
            demo.handle().destroy();
            Soon.isTrue("the end of " + demo.name(), () -> !demo.isAlive());
            children.forEach(ProcessHandle::destroyForcibly);
        });
        return demo;
    }

    private Map<String, String> environment() {
        return Map.of("JAVA_HOME", System.getProperty("java.home"), "XDG_RUNTIME_DIR", runtime.toString());
    }

    private String pointsman(String... arguments) {
        List<String> command =
                new ArrayList<>(List.of(Path.of("..", "pointsman").toString()));
        command.addAll(List.of(arguments));
        Program program = cluster.start(arguments[0], environment(), command);
        assertThat(program.awaitExit()).as(program.output()).isZero();
        return program.output();
    }

    /** What {@code pointsman list} shows of a type. */
    private List<Long> listed(String type) {
        Pattern line = Pattern.compile("(?m)^" + type + " +\\S+ +(\\d+) +\\d+ +running +passing ");
        return line.matcher(pointsman("list"))
                .results()
                .map(match -> Long.valueOf(match.group(1)))
                .toList();
    }

    /** And none of the small programs that are only tried at the start. */
    private static boolean isJava(ProcessHandle process) {
        return process.info().command().filter(file -> file.endsWith("/java")).isPresent();
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
                .contains("curl http://localhost:" + clients() + "/api/chain ")
                .contains("curl http://127.0.0.1:" + ports.get(1) + "/api/services")
                .contains("./pointsman service webapp-service --consul " + registryUrl())
                .contains("./pointsman list ", "./pointsman scale api-service +1 ", "./pointsman reload api-service ");
        for (String path : List.of("/api/anything", "/")) {
            // Not at once: on a machine that is too busy a check may fail for a moment.
            Soon.holds("both instances of " + path + " in turns", () -> {
                List<Long> pids = pids(path);
                assertThat(Set.copyOf(pids)).hasSize(2);
                assertThat(pids.get(2)).isEqualTo(pids.get(0));
            });
        }

        Soon.holds("an instance of one type that asks one of the other", () -> assertThat(
                        new TestHttp("http://127.0.0.1:" + clients())
                                .get("/api/chain")
                                .body())
                .matches("api-service response from \\d+, which asked webapp-service:"
                        + " webapp-service response from \\d+\n"));

        List<ProcessHandle> children = demo.handle().descendants().toList();
        assertThat(children).hasSize(6);
        if (signal.equals("INT")) {
            // Ctrl-C reaches all processes of a terminal's foreground; those of the demo are to be ended by it, in
            // order.
            Program.signal(signal, -demo.pid());
        } else {
            demo.signal(signal);
        }
        long signalled = System.nanoTime();

        assertThat(demo.awaitExit()).isZero();
        assertThat(Duration.ofNanos(System.nanoTime() - signalled)).isLessThan(Duration.ofSeconds(10));
        assertThat(children).noneMatch(ProcessHandle::isAlive);
        // That something was cut off may be in it: four programs need more than 3 s to end on a machine that is too
        // busy.
        assertThat(demo.output())
                .contains("Stopped.")
                .doesNotContain("not deregistered", "nothing works", "SIGKILL", "ERROR");
        assertThat(runtime.resolve("pointsman")).isEmptyDirectory();
    }

    @Test
    void its_services_are_listed_scaled_and_reloaded_and_each_is_registered_once() {
        Program demo = demo();
        demo.awaitOutput("its hints", RUNNING);
        cluster.useRegistry(registryUrl());
        List<Long> first = listed(API);
        assertThat(first).hasSize(2);

        pointsman("scale", API, "+1");
        List<Long> three = listed(API);
        assertThat(three).hasSize(3).containsAll(first);
        pointsman("reload", API);

        assertThat(listed(API)).hasSize(3).doesNotContainAnyElementsOf(three);
        assertThat(three).noneMatch(pid -> ProcessHandle.of(pid).isPresent());
        assertThat(listed("webapp-service")).hasSize(2);
        assertThat(pointsman("logs", API)).contains(API + " (pid " + listed(API).get(0) + ") serves on ");
        assertThat(pointsman("logs", "balancer")).contains("Pointsman balancer is ready");
        assertThat(new TestHttp(registryUrl()).get("/v1/health/service/" + API).json())
                .hasSize(3);
    }

    @Test
    void a_signal_while_it_starts_ends_what_has_started() {
        Program demo = demo();
        demo.awaitOutput("its first words", Pattern.compile("Starting"));
        List<ProcessHandle> children = new ArrayList<>();
        Soon.isTrue("its first process", () -> {
            demo.handle().descendants().filter(DemoIT::isJava).forEach(children::add);
            return !children.isEmpty();
        });

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
                "a response of the fifth service", () -> IntStream.range(0, 3).anyMatch(i -> {
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
    void a_service_of_it_that_is_killed_fails_no_request_and_is_replaced() throws IOException {
        Program demo = demo();
        demo.awaitOutput("its hints", RUNNING);
        long killed = pids("/").get(0);

        assertThat(ProcessHandle.of(killed).orElseThrow().destroyForcibly()).isTrue();

        for (int i = 0; i < 4; i++) {
            assertThat(pids("/")).doesNotContain(killed);
            assertThat(pids("/api/x")).isNotEmpty();
            assertThat(pids("/api/chain")).isNotEmpty();
        }
        assertThat(demo.isAlive()).isTrue();
        Soon.holds(
                "a new one in its place",
                () -> assertThat(listed("webapp-service")).hasSize(2).doesNotContain(killed));
    }

    @Test
    void one_that_is_killed_leaves_none_of_its_processes_behind() {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")), "there is no setpriv");
        Program demo = demo();
        demo.awaitOutput("its hints", RUNNING);
        List<ProcessHandle> children = demo.handle().descendants().toList();
        assertThat(children).hasSize(6);

        demo.signal("KILL");

        Soon.isTrue("the end of what it had started", () -> children.stream().noneMatch(ProcessHandle::isAlive));
    }
}

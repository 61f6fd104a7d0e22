package dev.pointsman.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pointsman.launcher.api.InstanceStatus;
import dev.pointsman.launcher.api.InstanceStatus.InstanceState;
import dev.pointsman.launcher.api.OperationResult;
import dev.pointsman.launcher.plan.InstanceOptions;
import dev.pointsman.launcher.plan.ProcessRules;
import dev.pointsman.launcher.plan.ServicePlan;
import dev.pointsman.launcher.plan.TestPlans;
import dev.pointsman.testkit.FreePorts;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real programs, in Node and Python, in the care of a launcher. */
@Timeout(120)
class LauncherIT {
    private final Path runtime;

    LauncherIT(@TempDir Path runtime) {
        this.runtime = runtime;
    }

    @BeforeAll
    static void beGenerous() {
        Awaitility.setDefaultTimeout(Duration.ofSeconds(60));
    }

    @AfterAll
    static void reset() {
        Awaitility.reset();
    }

    @Test
    void instances_have_ports_of_their_own_and_are_registered_with_what_is_known_of_them() throws Exception {
        try (LauncherUnderTest test = new LauncherUnderTest(runtime, TestPlans.node("api", 2, "--at", "{port}"))) {
            OperationResult result = test.start();
            assertThat(result.done()).as(result.sentence()).isTrue();
            List<InstanceStatus> list = test.launcher.list();
            assertThat(list)
                    .extracting(InstanceStatus::state)
                    .containsExactly(InstanceState.RUNNING, InstanceState.RUNNING);
            assertThat(list).extracting(InstanceStatus::port).doesNotHaveDuplicates();
            assertThat(test.passing("api"))
                    .containsExactlyInAnyOrderElementsOf(
                            list.stream().map(InstanceStatus::id).toList());
            for (InstanceStatus instance : list) {
                JsonNode said = test.http(instance).get("/").json();
                assertThat(said.path("pid").asLong()).isEqualTo(instance.pid());
                assertThat(said.path("args").get(1).asText()).isEqualTo(Integer.toString(instance.port()));
                JsonNode environment = said.path("env");
                assertThat(environment.path("PORT").asText()).isEqualTo(Integer.toString(instance.port()));
                assertThat(environment.path("POINTSMAN_ID").asText()).isEqualTo(instance.id());
                assertThat(environment.path("POINTSMAN_TYPE").asText()).isEqualTo("api");
                assertThat(environment.path("CONSUL_HTTP_ADDR").asText())
                        .isEqualTo(test.address().url());
            }
            JsonNode meta = test.listed("api").get(0).path("Service").path("Meta");
            assertThat(meta.path("launcher").asText()).isNotEmpty();
            assertThat(meta.path("started").asText()).matches("20..-.*Z");
        }
    }

    @Test
    void a_program_in_python_is_registered_by_its_health_path() throws Exception {
        try (LauncherUnderTest test = new LauncherUnderTest(runtime, TestPlans.python("web", 1, "/health"))) {
            assertThat(test.start().done()).isTrue();
            assertThat(test.passing("web")).containsExactly(test.only().id());
            await().until(() -> test.printed.contains(test.only().id() + " serving"));
        }
    }

    @Test
    void a_program_whose_health_path_responds_badly_is_never_registered() throws Exception {
        InstanceOptions impatient = new InstanceOptions(
                Duration.ofSeconds(6), Duration.ofSeconds(1), 0, 0, 2, Duration.ofSeconds(5), Duration.ofMillis(50), 1);
        ServicePlan plan = TestPlans.with(TestPlans.python("web", 1, "/wrong"), impatient);
        try (LauncherUnderTest test = new LauncherUnderTest(runtime, plan)) {
            OperationResult result = test.start();
            assertThat(result.done()).isFalse();
            assertThat(result.sentence()).contains("GET /wrong was responded to with 404");
            assertThat(test.listed("web")).isEmpty();
        }
    }

    @Test
    void a_child_that_dies_is_deregistered_and_replaced_at_once() throws Exception {
        try (LauncherUnderTest test = new LauncherUnderTest(runtime, TestPlans.node("api", 1))) {
            test.start();
            InstanceStatus first = test.only();
            ProcessHandle.of(first.pid()).ifPresent(ProcessHandle::destroyForcibly);
            await().until(() -> test.launcher.list().stream()
                    .anyMatch(status -> status.state() == InstanceState.RUNNING && status.pid() != first.pid()));
            await().until(() -> test.launcher.list().size() == 1);
            assertThat(test.only().restarts()).isEqualTo(1);
            assertThat(test.passing("api")).containsExactly(test.only().id());
            assertThat(test.only().id()).isNotEqualTo(first.id());
            assertThat(test.counts("api").exits()).isEqualTo(1);
        }
    }

    @Test
    void a_type_that_never_comes_up_is_given_up_with_its_last_words_and_exit_code_1() throws Exception {
        try (LauncherUnderTest test = new LauncherUnderTest(runtime, TestPlans.node("api", 1, "crash"))) {
            OperationResult result = test.start();
            assertThat(result.done()).isFalse();
            assertThat(result.sentence()).contains("exited with code 3 before it was up");
            assertThat(LauncherUnderTest.get(test.launcher.ended())).isEqualTo(1);
            assertThat(test.only().state()).isEqualTo(InstanceState.FAILED);
            assertThat(test.printed).anyMatch(line -> line.endsWith("no database at db:5432"));
            assertThat(test.listed("api")).isEmpty();
        }
    }

    @Test
    void a_command_that_does_not_exist_is_said_so() throws Exception {
        ServicePlan plan = TestPlans.of("api", 1, TestPlans.QUICK, null, List.of("there-is-no-such-program"));
        try (LauncherUnderTest test = new LauncherUnderTest(runtime, plan)) {
            assertThat(test.start().sentence()).contains("there is no there-is-no-such-program on the PATH");
        }
    }

    @Test
    void a_program_gets_the_signals_that_its_plan_and_a_user_say_and_is_registered_when_it_says_that_it_is_ready()
            throws Exception {
        // Not a shell: it can trap no signal that is ignored where it is started, as SIGINT is where a build runs in
        // the background.
        String script = """
                import http.server, os, signal, sys

                def heard(name, ends):
                    def handle(number, frame):
                        print("got", name, flush=True)
                        if ends:
                            sys.exit(0)
                    return handle

                signal.signal(signal.SIGUSR2, heard("USR2", False))
                signal.signal(signal.SIGINT, heard("INT", True))
                server = http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])),
                                                         http.server.SimpleHTTPRequestHandler)
                server.daemon_threads = True
                print("all is ready", flush=True)
                server.serve_forever()
                """;
        ServicePlan plan = ServicePlan.of("web", List.of("python3", "-c", script))
                .options(TestPlans.QUICK)
                .process(new ProcessRules("is ready", ProcessRules.StopSignal.INT, "NUMBER"))
                .build();
        try (LauncherUnderTest test = new LauncherUnderTest(runtime, plan)) {
            assertThat(test.start().done()).isTrue();
            String id = test.only().id();
            assertThat(test.printed).contains(id + " all is ready");
            assertThat(test.passing("web")).containsExactly(id);

            OperationResult sent = LauncherUnderTest.get(test.launcher.signal("web", "SIGUSR2"));
            assertThat(sent).isEqualTo(new OperationResult(true, "SIGUSR2 sent to 1 instance."));
            await().until(() -> test.printed.contains(id + " got USR2"));
            assertThat(LauncherUnderTest.get(test.launcher.signal("web", "PANIC"))
                            .sentence())
                    .contains("expected one of: HUP, INT");

            assertThat(LauncherUnderTest.get(test.launcher.restart("web", unusedStep -> {}))
                            .done())
                    .isTrue();
            await().until(() -> test.printed.contains(id + " got INT"));
            assertThat(test.only().id()).isNotEqualTo(id);
        }
    }

    @Test
    void a_child_that_hangs_is_replaced() throws Exception {
        ServicePlan plan = TestPlans.of("api", 1, TestPlans.QUICK, "/", TestPlans.command("node", "app.js"));
        try (LauncherUnderTest test = new LauncherUnderTest(runtime, plan)) {
            test.start();
            InstanceStatus first = test.only();
            CompletableFuture<?> never = test.http(first).getLater("/hang");
            await().until(() -> test.launcher.list().stream()
                    .anyMatch(status -> status.state() == InstanceState.RUNNING && status.pid() != first.pid()));
            await().until(() -> !isAlive(first.pid()));
            assertThat(never).failsWithin(Duration.ofSeconds(10));
            assertThat(test.counts("api").stops()).isEqualTo(1);
        }
    }

    @Test
    void a_child_that_uses_too_much_memory_is_replaced_without_a_gap() throws Exception {
        InstanceOptions frugal = new InstanceOptions(
                Duration.ofSeconds(20),
                Duration.ofSeconds(1),
                3,
                200 * 1024 * 1024,
                5,
                Duration.ofSeconds(5),
                Duration.ofMillis(50),
                1);
        try (LauncherUnderTest test =
                new LauncherUnderTest(runtime, TestPlans.with(TestPlans.node("api", 1), frugal))) {
            test.start();
            InstanceStatus first = test.only();
            test.http(first).get("/memory");
            await().until(() -> {
                assertThat(test.passing("api")).isNotEmpty();
                return !isAlive(first.pid());
            });
            assertThat(test.counts("api").exits()).isZero();
        }
    }

    @Test
    void what_ignores_sigterm_is_killed_and_what_it_started_goes_with_it() throws Exception {
        LauncherUnderTest test = new LauncherUnderTest(runtime, TestPlans.node("api", 1, "ignore-term", "grandchild"));
        test.start();
        long pid = test.only().pid();
        Set<Long> family = ProcessHandle.of(pid)
                .map(handle -> handle.descendants().map(ProcessHandle::pid).collect(Collectors.toSet()))
                .orElse(Set.of());
        assertThat(family).isNotEmpty();
        test.launcher.close();
        assertThat(isAlive(pid)).isFalse();
        assertThat(family).noneMatch(LauncherIT::isAlive);
        assertThat(test.listed("api")).isEmpty();
        assertThat(runtime).isEmptyDirectory();
        test.close();
    }

    @Test
    void a_grandchild_of_its_own_session_ends_when_its_program_crashes() throws Exception {
        try (LauncherUnderTest test = new LauncherUnderTest(runtime, TestPlans.node("api", 1, "grandchild"))) {
            test.start();
            InstanceStatus first = test.only();
            Optional<ProcessHandle> grandchild = ProcessHandle.of(first.pid())
                    .flatMap(handle -> handle.descendants().findFirst());
            assertThat(grandchild).isPresent();
            ProcessHandle.of(first.pid()).ifPresent(ProcessHandle::destroyForcibly);
            await().until(() -> !isAlive(grandchild.get().pid()));
        }
    }

    @Test
    void a_program_that_prints_a_lot_is_not_held_up() throws Exception {
        try (LauncherUnderTest test = new LauncherUnderTest(runtime, TestPlans.node("api", 1, "chatter"))) {
            assertThat(test.start().done()).isTrue();
            await().until(() -> test.printed.size() > 20_000);
            assertThat(test.http(test.only()).get("/").status()).isEqualTo(200);
        }
    }

    @Test
    void a_program_that_listens_elsewhere_is_told_of_where() throws Exception {
        int other = FreePorts.take();
        InstanceOptions impatient = new InstanceOptions(
                Duration.ofSeconds(3), Duration.ofSeconds(1), 0, 0, 2, Duration.ofSeconds(5), Duration.ofMillis(50), 1);
        ServicePlan plan = TestPlans.with(TestPlans.node("api", 1, "port=" + other), impatient);
        try (LauncherUnderTest test = new LauncherUnderTest(runtime, plan)) {
            assertThat(test.start().sentence()).contains("listens on [" + other + "]");
        }
    }

    @Test
    void a_port_that_was_taken_before_the_program_came_to_it_is_left_and_another_one_tried() throws Exception {
        try (LauncherUnderTest test = new LauncherUnderTest(runtime, TestPlans.node("api", 1, "late=1500"))) {
            CompletableFuture<OperationResult> started = test.launcher.start().toCompletableFuture();
            await().until(() -> test.launcher.list().stream().anyMatch(status -> status.pid() != 0));
            InstanceStatus first = test.only();
            try (ServerSocket thief = new ServerSocket(first.port(), 10, InetAddress.getLoopbackAddress())) {
                assertThat(started.get(60, TimeUnit.SECONDS).done()).isTrue();
                assertThat(test.only().port()).isNotEqualTo(thief.getLocalPort());
            }
            assertThat(test.listed("api")).hasSize(1);
            assertThat(test.counts("api").portsLost()).isEqualTo(1);
            assertThat(test.only().restarts()).isZero();
        }
    }

    @Test
    void a_reload_replaces_every_instance_and_always_leaves_as_many_in_the_registry() throws Exception {
        try (LauncherUnderTest test = new LauncherUnderTest(runtime, TestPlans.node("api", 2))) {
            test.start();
            List<String> before = test.passing("api");
            OperationResult result = LauncherUnderTest.get(test.launcher.reload("api", 0, test.progress::add));
            assertThat(result.done()).as(result.sentence()).isTrue();
            assertThat(test.passing("api")).hasSize(2).doesNotContainAnyElementsOf(before);
            assertThat(test.launcher.list()).hasSize(2);
            assertThat(test.counts("api").exits()).isZero();
        }
    }

    @Test
    void scaling_adds_and_takes_away() throws Exception {
        try (LauncherUnderTest test = new LauncherUnderTest(runtime, TestPlans.node("api", 1))) {
            test.start();
            assertThat(LauncherUnderTest.get(test.launcher.scale("api", "+2", test.progress::add))
                            .done())
                    .isTrue();
            assertThat(test.passing("api")).hasSize(3);
            assertThat(LauncherUnderTest.get(test.launcher.scale("api", "1", test.progress::add))
                            .done())
                    .isTrue();
            assertThat(test.passing("api")).hasSize(1);
            assertThat(test.launcher.list()).hasSize(1);
        }
    }

    @Test
    void what_is_stopped_stays_in_the_list_and_starts_again_and_what_is_deleted_does_not() throws Exception {
        try (LauncherUnderTest test = new LauncherUnderTest(runtime, TestPlans.node("api", 2))) {
            test.start();
            String id = test.passing("api").get(0);
            assertThat(LauncherUnderTest.get(test.launcher.stop(id, test.progress::add))
                            .done())
                    .isTrue();
            assertThat(test.passing("api")).hasSize(1).doesNotContain(id);
            assertThat(test.launcher.list()).hasSize(2).anyMatch(status -> status.state() == InstanceState.STOPPED);
            assertThat(LauncherUnderTest.get(test.launcher.start(id, test.progress::add))
                            .done())
                    .isTrue();
            assertThat(test.passing("api")).hasSize(2);
            assertThat(LauncherUnderTest.get(test.launcher.delete("api", test.progress::add))
                            .done())
                    .isTrue();
            assertThat(LauncherUnderTest.get(test.launcher.ended())).isZero();
            assertThat(test.launcher.list()).isEmpty();
        }
    }

    @Test
    void a_registry_that_starts_empty_knows_everything_again_soon() throws Exception {
        try (LauncherUnderTest test = new LauncherUnderTest(runtime, TestPlans.node("api", 1))) {
            test.start();
            String id = test.only().id();
            test.consul.put("/v1/agent/service/deregister/" + id);
            await().until(() -> test.passing("api").equals(List.of(id)));
        }
    }

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }
}

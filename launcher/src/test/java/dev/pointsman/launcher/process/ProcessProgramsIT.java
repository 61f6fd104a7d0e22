package dev.pointsman.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.jna.Function;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Real processes on Linux. */
@Timeout(60)
@EnabledOnOs(OS.LINUX)
class ProcessProgramsIT {
    private static final Duration PATIENCE = Duration.ofMillis(300);

    private final ProcessPrograms programs = new ProcessPrograms("test-launcher", Clock.systemUTC(), System::nanoTime);
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final ProcessTable processes = new ProcessTable();

    @AfterEach
    void close() {
        programs.close();
    }

    @Test
    void both_outputs_are_read_and_the_exit_code_is_known() throws Exception {
        ChildProcess child = start("echo out; echo err >&2; exit 7");
        assertThat(get(child.exit())).isEqualTo(7);
        await().until(() -> lines.size() == 2);
        assertThat(child.lastLines()).containsExactlyInAnyOrder("out", "err");
    }

    @Test
    void the_command_has_a_session_of_its_own_and_no_process_stands_before_it() throws Exception {
        ChildProcess child = start("sleep 600");
        await().until(() -> processes
                .of(child.pid())
                .filter(facts -> facts.session() == child.pid())
                .isPresent());
        assertThat(ProcessHandle.of(child.pid()).flatMap(ProcessHandle::parent)).contains(ProcessHandle.current());
        get(child.end(PATIENCE));
    }

    @Test
    void all_that_it_started_ends_with_it_wherever_it_went() throws Exception {
        ChildProcess child = start("setsid sleep 601 & sleep 602 & echo ready; wait");
        await().until(() -> lines.contains("ready"));
        await().until(() -> programsOf(child).size() >= 3);
        assertThat(get(child.end(PATIENCE))).isFalse();
        assertThat(programsOf(child)).isEmpty();
    }

    @Test
    void what_ignores_sigterm_is_killed() throws Exception {
        ChildProcess child = start("trap '' TERM; echo ready; while :; do sleep 0.05; done");
        await().until(() -> lines.contains("ready"));
        assertThat(get(child.end(PATIENCE))).isTrue();
        assertThat(get(child.exit())).isEqualTo(128 + 9);
    }

    @Test
    void ending_what_has_ended_is_done_at_once() throws Exception {
        ChildProcess child = start("exit 0");
        get(child.exit());
        assertThat(get(child.end(PATIENCE))).isFalse();
    }

    @Test
    void a_port_that_we_hold_ourselves_is_not_the_childs() throws Exception {
        ChildProcess child = start("sleep 600");
        int port;
        try (ServerSocket ours = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = ours.getLocalPort();
            PortHolder holder = get(programs.holder(port, child));
            assertThat(holder.kind()).isEqualTo(PortHolder.HolderKind.ANOTHER);
            assertThat(holder.name())
                    .contains(Long.toString(ProcessHandle.current().pid()));
        }
        assertThat(get(programs.holder(port, child)).kind()).isEqualTo(PortHolder.HolderKind.NONE);
        get(child.end(PATIENCE));
    }

    @Test
    void what_it_uses_is_measured_with_all_that_it_started() throws Exception {
        ChildProcess child = start("sh -c 'while :; do :; done'; exit 0");
        get(programs.usage(List.of(child)));
        await().untilAsserted(() -> {
            Usage usage = get(programs.usage(List.of(child))).getOrDefault(child.pid(), new Usage(0, 0));
            assertThat(usage.cpuPercent()).isPositive();
            assertThat(usage.memory()).isGreaterThan(500_000);
        });
        get(child.end(PATIENCE));
    }

    @Test
    void a_program_that_is_not_there_is_said_so() {
        assertThatThrownBy(() ->
                        get(programs.start(new Program("x", List.of("no-such-program"), 1, Map::of, null, lines::add))))
                .hasRootCauseInstanceOf(Programs.CannotStartException.class)
                .hasMessageContaining("there is no no-such-program on the PATH");
    }

    @Test
    void orphans_that_this_process_was_given_are_reaped() throws Exception {
        // As for process 1 of a container: orphans come to us (prctl(2), PR_SET_CHILD_SUBREAPER).
        Function prctl = Function.getFunction("c", "prctl");
        int adopt = 36;
        assertThat(prctl.invokeInt(new Object[] {adopt, 1L, 0L, 0L, 0L})).isZero();
        try {
            ChildProcess child = start("(sleep 0.3 & echo $!)");
            get(child.exit());
            await().until(() -> !lines.isEmpty());
            long orphan = Long.parseLong(lines.get(0));
            await().until(() -> {
                get(programs.usage(List.of()));
                return processes.of(orphan).isEmpty();
            });
        } finally {
            prctl.invokeInt(new Object[] {adopt, 0L, 0L, 0L, 0L});
        }
    }

    private Set<Long> programsOf(ChildProcess child) {
        return processes.family(child.pid(), 0, ProcessTag.of("test-launcher", "x"));
    }

    private ChildProcess start(String script) throws Exception {
        return get(programs.start(new Program("x", List.of("sh", "-c", script), 1, Map::of, null, lines::add)));
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}

package dev.pointsman.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pointsman.launcher.plan.TestPlans;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of the instances of a launcher that was ended by a SIGKILL. */
@Timeout(120)
class KilledLauncherIT {
    private static final Duration BOUND = Duration.ofSeconds(60);

    private final Path runtime;

    private final List<Process> launchers = new ArrayList<>();
    private final List<Long> pids = new ArrayList<>();

    KilledLauncherIT(@TempDir Path runtime) {
        this.runtime = runtime;
    }

    @AfterEach
    void leaveNothing() {
        launchers.forEach(Process::destroyForcibly);
        pids.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
    }

    @Test
    void its_instances_are_ended_and_deregistered_by_the_next_start_also_if_they_ignore_signals() throws Exception {
        try (LauncherUnderTest next = new LauncherUnderTest(runtime, TestPlans.node("api", 2))) {
            killedWithTwo(next, "ignore-term", "grandchild");
            List<String> before = next.passing("api");
            assertThat(pids).allMatch(KilledLauncherIT::isAlive);
            assertThat(next.start().done()).isTrue();
            assertThat(pids).noneMatch(KilledLauncherIT::isAlive);
            assertThat(next.passing("api")).hasSize(2).doesNotContainAnyElementsOf(before);
            assertThat(next.listed("api")).hasSize(2);
            // The living launcher's own, and nothing of the dead one.
            assertThat(files()).hasSize(2);
        }
    }

    @Test
    void instances_that_heed_signals_end_by_themselves() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")), "there is no setpriv");
        try (LauncherUnderTest next = new LauncherUnderTest(runtime, TestPlans.node("api", 2))) {
            killedWithTwo(next);
            await().atMost(BOUND).until(() -> pids.stream().noneMatch(KilledLauncherIT::isAlive));
        }
    }

    @Test
    void a_launcher_that_lives_keeps_its_instances_when_another_one_starts() throws Exception {
        try (LauncherUnderTest next = new LauncherUnderTest(runtime, TestPlans.node("web", 1))) {
            startWithTwo(next);
            next.start();
            assertThat(pids).allMatch(KilledLauncherIT::isAlive);
            assertThat(next.passing("api")).hasSize(2);
        }
    }

    private void killedWithTwo(LauncherUnderTest next, String... flags) throws Exception {
        startWithTwo(next, flags);
        Process launcher = launchers.get(0);
        launcher.destroyForcibly();
        launcher.waitFor();
    }

    private void startWithTwo(LauncherUnderTest next, String... flags) throws IOException {
        launchers.add(LauncherProcess.start(next.registry.port(), runtime, flags));
        await().atMost(BOUND).until(() -> next.passing("api").size() == 2);
        for (JsonNode entry : next.listed("api")) {
            long pid = entry.path("Service").path("Meta").path("pid").asLong();
            pids.add(pid);
            ProcessHandle.of(pid).ifPresent(handle -> handle.descendants().forEach(child -> pids.add(child.pid())));
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(runtime)) {
            return files.toList();
        }
    }

    /** A process that was not reaped yet is dead all the same. */
    private static boolean isAlive(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
        } catch (IOException gone) {
            return false;
        }
    }
}

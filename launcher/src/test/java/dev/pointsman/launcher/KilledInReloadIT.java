package dev.pointsman.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.launcher.api.InstanceStatus;
import dev.pointsman.launcher.plan.TestPlans;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A launcher that is ended by a SIGKILL in the midst of a reload, with instances that ignore SIGTERM and so outlive it. Whatever
 * it began, the next start ends with exactly its own instances, running and registered.
 */
@Timeout(180)
class KilledInReloadIT {
    private static final Duration BOUND = Duration.ofSeconds(60);

    /** How far the reload has come. */
    enum Phase {
        NEW_ONE_STARTING,
        NEW_ONE_UP_BUT_NOT_YET_SERVED,
        OLD_ONE_DRAINING,
        OLD_ONE_STOPPING
    }

    /** What the launcher to be killed, and all that it starts, has in its environment, and no other process. */
    private final Path runtime;

    private final Path folder;
    private final Path told;
    private final Path ready;
    private final ScriptedBalancer balancer = new ScriptedBalancer();
    private final List<Process> launchers = new ArrayList<>();

    KilledInReloadIT(@TempDir Path temporary) throws IOException {
        runtime = Files.createDirectory(temporary.resolve("runtime"));
        folder = Files.createDirectory(
                runtime.resolve("pointsman"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        told = Files.createDirectory(temporary.resolve("told"));
        ready = Files.createFile(temporary.resolve("ready"));
    }

    @AfterEach
    void leaveNothing() throws IOException {
        launchers.forEach(Process::destroyForcibly);
        for (long pid : strays()) {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_next_start_leaves_no_double_and_no_orphan(Phase phase) throws Exception {
        try (LauncherUnderTest next = new LauncherUnderTest(folder, TestPlans.node("api", 2))) {
            balancer.register(next);
            Process launcher = launch(next);
            await().atMost(BOUND).until(() -> next.passing("api").size() == 2);
            List<String> before = next.passing("api");
            balancer.accepting.addAll(before);

            reloadUntil(phase, launcher, next, before);
            launcher.destroyForcibly().waitFor();
            assertThat(strays()).as("instances that outlive it").hasSizeGreaterThanOrEqualTo(3);

            assertThat(next.start().done()).isTrue();
            assertThat(strays()).isEmpty();
            List<String> own = next.launcher.list().stream()
                    .map(InstanceStatus::id)
                    .sorted()
                    .toList();
            assertThat(own).hasSize(2);
            assertThat(ids(next)).isEqualTo(own);
            assertThat(next.passing("api")).isEqualTo(own);
            // So that the end of the launcher is not waited for.
            balancer.accepting.clear();
            balancer.busy.clear();
        }
    }

    private Process launch(LauncherUnderTest next) throws IOException {
        Process process = LauncherProcess.patient(
                next.registry.port(),
                folder,
                Map.of("XDG_RUNTIME_DIR", runtime.toString()),
                "tells=" + told,
                "needs=" + ready);
        launchers.add(process);
        return process;
    }

    private void reloadUntil(Phase phase, Process launcher, LauncherUnderTest next, List<String> before)
            throws Exception {
        if (phase == Phase.NEW_ONE_STARTING) {
            Files.delete(ready);
        }
        LauncherProcess.reload(launcher);
        if (phase == Phase.NEW_ONE_STARTING) {
            await().atMost(BOUND).until(() -> told("begun-*") == 3);
            assertThat(next.passing("api")).isEqualTo(before);
            return;
        }
        await().atMost(BOUND)
                .until(() -> next.passing("api").size() == 3
                        && !newOnes(balancer.asked, before).isEmpty());
        if (phase == Phase.NEW_ONE_UP_BUT_NOT_YET_SERVED) {
            return;
        }
        if (phase == Phase.OLD_ONE_DRAINING) {
            balancer.busy.addAll(before);
        }
        balancer.accepting.addAll(newOnes(balancer.asked, before));
        await().atMost(BOUND).until(() -> !next.passing("api").containsAll(before));
        balancer.accepting.removeAll(before);
        if (phase == Phase.OLD_ONE_DRAINING) {
            assertThat(ids(next)).hasSize(3);
            return;
        }
        await().atMost(BOUND).until(() -> ids(next).size() == 2 && told("term-*") > 0);
    }

    private static Set<String> newOnes(Set<String> ids, List<String> before) {
        Set<String> others = new HashSet<>(ids);
        before.forEach(others::remove);
        return others;
    }

    /** Everything that is registered, whatever its health; in order. */
    private static List<String> ids(LauncherUnderTest next) {
        List<String> ids = new ArrayList<>();
        next.listed("api")
                .forEach(entry -> ids.add(entry.path("Service").path("ID").asText()));
        ids.sort(null);
        return ids;
    }

    /** How many instances ignore SIGTERM by now ({@code begun-*}), or have heard it ({@code term-*}). */
    private int told(String what) throws IOException {
        int count = 0;
        try (var files = Files.newDirectoryStream(told, what)) {
            for (Path file : files) {
                count += Files.exists(file) ? 1 : 0;
            }
        }
        return count;
    }

    /** What the launcher that is killed has started and still runs, wherever it went. */
    private List<Long> strays() throws IOException {
        List<Long> strays = new ArrayList<>();
        try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                if (environment(process).contains("XDG_RUNTIME_DIR=" + runtime + "\0")) {
                    strays.add(Long.valueOf(process.getFileName().toString()));
                }
            }
        }
        return strays;
    }

    private static String environment(Path process) {
        try {
            return Files.readString(process.resolve("environ"), StandardCharsets.ISO_8859_1);
        } catch (IOException goneOrNotOurs) {
            return "";
        }
    }
}

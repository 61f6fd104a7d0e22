package dev.pointsman.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pointsman.balancer.admin.LauncherAccess.LauncherFacts;
import dev.pointsman.balancer.admin.LauncherAccess.NoOutputException;
import dev.pointsman.balancer.admin.LauncherAccess.ProcessFacts;
import dev.pointsman.balancer.admin.LauncherAccess.TypeFacts;
import dev.pointsman.cli.ScriptedLauncher;
import dev.pointsman.launcher.api.InstanceStatus.InstanceState;
import dev.pointsman.launcher.api.LauncherSettings;
import dev.pointsman.launcher.control.ControlServer;
import dev.pointsman.launcher.control.LauncherDescription;
import dev.pointsman.launcher.control.PrivateFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunningLaunchersTest {
    private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");

    @TempDir
    private Path temporary = Path.of(".");

    private final List<ControlServer> running = new ArrayList<>();

    @AfterEach
    void close() {
        running.forEach(ControlServer::close);
    }

    private Path folder() {
        return temporary.resolve("sockets");
    }

    private RunningLaunchers launchers() throws Exception {
        return new RunningLaunchers(new RuntimeFolder(folder(), PrivateFolder.ownUid()), () -> NOW);
    }

    private void run(ScriptedLauncher launcher, @Nullable Path logs, String... types) throws Exception {
        running.add(ControlServer.listen(
                folder(),
                PrivateFolder.ownUid(),
                launcher,
                new LauncherDescription(
                        ProcessHandle.current().pid(),
                        () -> List.of(types),
                        logs,
                        () -> new LauncherSettings("http://127.0.0.1:8500", null, List.of()))));
    }

    @Test
    void where_no_launcher_runs_there_is_none() throws Exception {
        assertThat(launchers().launchers()).isEmpty();
        assertThatThrownBy(() -> launchers().lastLines("api", "api-1", 10))
                .isInstanceOf(NoOutputException.class)
                .hasMessageContaining("\"api\"");
    }

    @Test
    void types_have_what_is_wanted_and_what_runs() throws Exception {
        run(
                new ScriptedLauncher()
                        .with(ScriptedLauncher.running("api", 4001))
                        .with(ScriptedLauncher.status("api", 4002, InstanceState.BACKOFF, "exited"))
                        .with(ScriptedLauncher.status("api", 4003, InstanceState.STOPPED, "by hand")),
                null,
                "api",
                "web");

        LauncherFacts launcher = launchers().launchers().get(0);

        assertThat(launcher.pid()).isEqualTo(ProcessHandle.current().pid());
        assertThat(launcher.name()).isEqualTo("api, web");
        TypeFacts api = launcher.types().get(0);
        assertThat(api.wanted()).isEqualTo(2);
        assertThat(api.running()).isEqualTo(1);
        assertThat(api.instances())
                .contains(
                        new ProcessFacts(
                                "api-4001", 14_001, 4001, "running", 0, 1.3, 45L << 20, NOW.minusSeconds(192), ""),
                        new ProcessFacts("api-4002", 0, 4002, "backoff", 3, 0, 0, null, "exited"));
        assertThat(launcher.types().get(1)).isEqualTo(new TypeFacts("web", 0, 0, List.of()));
    }

    @Test
    void the_last_lines_of_an_instance_are_shown_and_no_other_s() throws Exception {
        Path logs = Files.createDirectory(temporary.resolve("logs"));
        Files.writeString(logs.resolve("api.log"), """
                2026-11-28T11:59:58.000000Z api-4001 first
                2026-11-28T11:59:59.000000Z api-4002 of the other
                2026-11-28T12:00:00.000000Z api-4001 second
                2026-11-28T12:00:01.000000Z api-4001 third
                """);
        Files.writeString(logs.resolve("secret.log"), "2026-11-28T12:00:00.000000Z secret-1 of another type\n");
        run(new ScriptedLauncher().with(ScriptedLauncher.running("api", 4001)), logs, "api");

        assertThat(launchers().lastLines("api", "api-4001", 2))
                .containsExactly("2026-11-28T12:00:00Z second", "2026-11-28T12:00:01Z third");
        for (String other : List.of("secret-1", "api-9", "../secret", "secret")) {
            assertThatThrownBy(() -> launchers().lastLines("api", other, 2)).isInstanceOf(NoOutputException.class);
        }
    }

    @Test
    void a_launcher_that_keeps_nothing_says_so() throws Exception {
        run(new ScriptedLauncher().with(ScriptedLauncher.running("api", 4001)), null, "api");

        assertThatThrownBy(() -> launchers().lastLines("api", "api-4001", 2))
                .isInstanceOf(NoOutputException.class)
                .hasMessageContaining("does not keep");
    }
}

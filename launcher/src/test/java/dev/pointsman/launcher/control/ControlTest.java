package dev.pointsman.launcher.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pointsman.launcher.api.InstanceStatus.InstanceState;
import dev.pointsman.launcher.api.LauncherSettings;
import dev.pointsman.launcher.api.LauncherSettings.TypeSettings;
import dev.pointsman.launcher.api.OperationResult;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlTest {
    private static final LauncherSettings SETTINGS = new LauncherSettings(
            "http://127.0.0.1:8500",
            "10.0.0.1",
            List.of(new TypeSettings(
                    "api",
                    Map.of("command", List.of("node", "app.js"), "instances", "2", "env", Map.of("KEY", "secret")))));

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path temp;

    private final ScriptedLauncher launcher = new ScriptedLauncher();
    private final List<AutoCloseable> open = new ArrayList<>();
    private final List<String> silent = new CopyOnWriteArrayList<>();
    private Path folder;
    private long uid;
    private Launchers launchers;

    @BeforeEach
    void prepare() throws ControlException {
        uid = PrivateFolder.ownUid();
        folder = temp.resolve("pointsman");
        launchers = new Launchers(folder, uid, Duration.ofSeconds(5));
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    @Test
    void without_a_launcher_there_is_nothing_to_list() throws Exception {
        assertThat(launchers.all(silent::add)).isEmpty();
        assertThatThrownBy(() -> Launchers.owner(List.of(), "api"))
                .hasMessage("no launcher is running (pointsman run starts one)");
    }

    @Test
    void a_list_has_all_that_a_launcher_knows_of_its_instances() throws Exception {
        launcher.with(ScriptedLauncher.running("api", 8000))
                .with(ScriptedLauncher.status("api", 0, InstanceState.BACKOFF, "exited with 1"));
        listen(launcher, ownPid(), "api", "idle");

        assertThat(launchers.all(silent::add)).singleElement().satisfies(found -> {
            assertThat(found.pid()).isEqualTo(ownPid());
            assertThat(found.types()).containsExactly("api", "idle");
            assertThat(found.logs()).isEqualTo(Path.of("/logs"));
            assertThat(found.instances())
                    .isEqualTo(launcher.list().stream()
                            .map(status -> StatusJson.read(StatusJson.write(status)))
                            .toList());
            assertThat(found.instances().get(1).reason()).isEqualTo("exited with 1");
            assertThat(found.has("idle")).isTrue();
            assertThat(found.has("api-8000")).isTrue();
            assertThat(found.has("web")).isFalse();
        });
    }

    @Test
    void an_operation_tells_its_steps_while_it_is_under_way_and_then_how_it_ended() throws Exception {
        CompletableFuture<OperationResult> held = launcher.hold("reload api 2");
        RunningLauncher running = listen(launcher, ownPid(), "api");
        List<String> steps = new CopyOnWriteArrayList<>();
        CompletableFuture<OperationResult> result =
                CompletableFuture.supplyAsync(() -> Launchers.operate(running, "reload", "api", "", 2, steps::add));

        await().untilAsserted(() -> assertThat(steps).containsExactly("reload api 2: the first step"));
        assertThat(result).isNotDone();
        held.complete(new OperationResult(true, "reloaded"));

        assertThat(result.get()).isEqualTo(new OperationResult(true, "reloaded"));
    }

    @Test
    void every_operation_reaches_the_launcher_with_its_arguments() throws Exception {
        RunningLauncher running = listen(launcher, ownPid(), "api");

        assertThat(Launchers.operate(running, "scale", "api", "-1", 0, step -> {})
                        .done())
                .isTrue();
        assertThat(Launchers.operate(running, "stop", "api-8000", "", 0, step -> {})
                        .done())
                .isTrue();
        assertThat(Launchers.operate(running, "start", "api", "", 0, step -> {}).done())
                .isTrue();
        assertThat(Launchers.operate(running, "delete", "bad", "", 0, step -> {})
                        .done())
                .isFalse();

        assertThat(launcher.asked).containsExactly("scale api -1", "stop api-8000", "start api", "delete bad");
    }

    @Test
    void an_operation_that_fails_unexpectedly_ends_with_a_sentence() throws Exception {
        launcher.hold("stop api").completeExceptionally(new IllegalStateException("oh"));
        RunningLauncher running = listen(launcher, ownPid(), "api");

        OperationResult result = Launchers.operate(running, "stop", "api", "", 0, step -> {});

        assertThat(result.done()).isFalse();
        assertThat(result.sentence()).contains("oh");
    }

    @Test
    void an_operation_that_a_launcher_does_not_know_is_refused() throws Exception {
        RunningLauncher running = listen(launcher, ownPid(), "api");

        OperationResult result = Launchers.operate(running, "fly", "api", "", 0, step -> {});

        assertThat(result.done()).isFalse();
        assertThat(result.sentence()).contains("\"fly\"");
    }

    @Test
    void a_launcher_that_ends_first_says_so() throws Exception {
        CompletableFuture<OperationResult> never = launcher.hold("stop api");
        RunningLauncher running = listen(launcher, ownPid(), "api");
        CompletableFuture<OperationResult> result =
                CompletableFuture.supplyAsync(() -> Launchers.operate(running, "stop", "api", "", 0, step -> {}));
        await().until(() -> launcher.asked.contains("stop api"));

        close();

        assertThat(result.get().done()).isFalse();
        assertThat(result.get().sentence()).contains("launcher " + ownPid());
        assertThat(never).isNotDone();
    }

    @Test
    void several_launchers_are_one_list_and_each_type_leads_to_its_own() throws Exception {
        long other = ProcessHandle.current().parent().orElseThrow().pid();
        listen(launcher.with(ScriptedLauncher.running("api", 1)), ownPid(), "api", "both");
        listen(new ScriptedLauncher().with(ScriptedLauncher.running("web", 2)), other, "web", "both");

        List<RunningLauncher> all = launchers.all(silent::add);

        assertThat(all).extracting(RunningLauncher::pid).containsExactlyInAnyOrder(ownPid(), other);
        assertThat(Launchers.owner(all, "api").pid()).isEqualTo(ownPid());
        assertThat(Launchers.owner(all, "web-2").pid()).isEqualTo(other);
        assertThatThrownBy(() -> Launchers.owner(all, "both"))
                .hasMessageMatching(
                        "\"both\" is run by the launchers \\d+ and \\d+ \\(say which with --launcher PID\\)");
        assertThatThrownBy(() -> Launchers.owner(all, "cat"))
                .hasMessage(
                        "\"cat\" is no type or instance that runs here (expected one of: api, both, web, or an id of"
                                + " pointsman list)");
    }

    @Test
    void the_socket_of_a_dead_launcher_is_cleared_away() throws Exception {
        PrivateFolder.open(folder, uid);
        Path stale = folder.resolve(deadPid() + ".sock");
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(stale));
        }

        assertThat(launchers.all(silent::add)).isEmpty();
        assertThat(stale).doesNotExist();
    }

    @Test
    void a_launcher_that_hangs_is_named_and_the_others_are_listed() throws Exception {
        long other = ProcessHandle.current().parent().orElseThrow().pid();
        listen(launcher, ownPid(), "api");
        ServerSocketChannel hanging = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        open.add(hanging);
        hanging.bind(UnixDomainSocketAddress.of(folder.resolve(other + ".sock")));

        List<RunningLauncher> all = new Launchers(folder, uid, Duration.ofMillis(500)).all(silent::add);

        assertThat(all).extracting(RunningLauncher::pid).containsExactly(ownPid());
        assertThat(silent).singleElement().asString().startsWith("launcher " + other + " does not respond");
    }

    @Test
    void nonsense_does_not_disturb_others() throws Exception {
        RunningLauncher running = listen(launcher, ownPid(), "api");
        try (SocketChannel nonsense = SocketChannel.open(UnixDomainSocketAddress.of(running.socket()))) {
            nonsense.write(ByteBuffer.wrap("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
            assertThat(nonsense.read(ByteBuffer.allocate(10))).isEqualTo(-1);
        }

        assertThat(launchers.all(silent::add)).hasSize(1);
    }

    @Test
    void a_folder_that_is_not_to_be_trusted_is_neither_listened_in_nor_asked() throws Exception {
        Files.createDirectory(folder);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));

        assertThatThrownBy(() -> listen(launcher, ownPid(), "api")).hasMessageContaining("open to others");
        assertThatThrownBy(() -> launchers.all(silent::add)).hasMessageContaining("open to others");
    }

    @Test
    void what_it_was_told_to_run_is_said_with_values_of_variables_only_to_who_wants_them() throws Exception {
        RunningLauncher running = listen(launcher, ownPid(), "api");

        assertThat(Launchers.settings(running, true)).isEqualTo(SETTINGS);
        assertThat(Launchers.settings(running, false).types().get(0).settings())
                .containsEntry("env", Map.of("KEY", ""))
                .containsEntry("command", List.of("node", "app.js"));
        assertThat(Launchers.settings(running, false).toString()).doesNotContain("secret");
    }

    private RunningLauncher listen(ScriptedLauncher operations, long pid, String... types) throws Exception {
        LauncherDescription facts =
                new LauncherDescription(pid, () -> List.of(types), Path.of("/logs"), () -> SETTINGS);
        open.add(ControlServer.listen(folder, uid, operations, facts));
        return launchers.all(silent::add).stream()
                .filter(each -> each.pid() == pid)
                .findFirst()
                .orElseThrow();
    }

    private static long ownPid() {
        return ProcessHandle.current().pid();
    }

    private static long deadPid() throws IOException, InterruptedException {
        Process process = new ProcessBuilder("true").start();
        process.waitFor();
        return process.pid();
    }
}

package dev.pointsman.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.registry.embedded.EmbeddedRegistry;
import dev.pointsman.testkit.FreePorts;
import dev.pointsman.testkit.Signals;
import dev.pointsman.testkit.TestHttp;
import io.vertx.core.Vertx;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command line as a user has it: real launchers, real instances, real signals. */
@Timeout(180)
class RunIT {
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();
    private static final Duration BOUND = Duration.ofSeconds(60);

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path home;

    private final Vertx vertx = Vertx.vertx();
    private final List<Process> processes = new ArrayList<>();
    private String registryUrl = "";
    private TestHttp consul = new TestHttp("");
    private Path printed = Path.of("");

    @BeforeEach
    void a_registry() throws Exception {
        EmbeddedRegistry registry = EmbeddedRegistry.start(
                        vertx, EmbeddedRegistry.Options.defaults().withPort(0))
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        registryUrl = "http://127.0.0.1:" + registry.port();
        consul = new TestHttp(registryUrl);
        printed = home.resolve("printed");
    }

    @AfterEach
    void nothing_is_left() throws Exception {
        new Terminal(home).type("delete", "--all");
        for (Process process : processes) {
            process.destroyForcibly().waitFor();
        }
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void a_signal_stops_in_order_however_often_it_comes() throws Exception {
        Process launcher = begin("run", "--type", "api", "--instances", "2", "--drain-pause", "0s");
        awaitRunning(2);
        assertThat(passing("api")).isEqualTo(2);

        launcher.destroy();
        launcher.destroy();

        assertThat(launcher.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(launcher.exitValue()).isZero();
        assertThat(passing("api")).isZero();
        assertThat(Files.readString(printed))
                .contains("runs 2 x api")
                .containsPattern("api-\\S+ +\\| listening there\n");
        assertThat(list()).startsWith("nothing runs");
    }

    @Test
    void a_terminal_that_stands_still_keeps_neither_instances_nor_the_end_waiting() throws Exception {
        ProcessBuilder builder = builder(
                List.of("run", "--type", "api", "--stop-timeout", "1s"),
                List.of("sh", "-c", "while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done"));
        Process launcher = builder.redirectOutput(ProcessBuilder.Redirect.PIPE)
                .redirectErrorStream(false)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        processes.add(launcher);
        Path kept = home.resolve("state/pointsman/logs/api.log.1");
        await().atMost(BOUND).until(() -> Files.exists(kept));

        launcher.destroy();

        assertThat(launcher.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(launcher.exitValue()).isZero();
    }

    @Test
    void sigusr2_replaces_every_instance() throws Exception {
        Process launcher = begin("run", "--type", "api", "--drain-pause", "0s");
        awaitRunning(1);
        String before = ids();

        new ProcessBuilder("kill", "-USR2", Long.toString(launcher.pid()))
                .start()
                .waitFor();

        await().atMost(BOUND).untilAsserted(() -> assertThat(ids()).isNotEmpty().isNotEqualTo(before));
        assertThat(launcher.isAlive()).isTrue();
    }

    @Test
    void a_deploy_by_a_moved_link_is_run_by_the_next_reload_also_when_the_folder_of_the_start_is_gone()
            throws Exception {
        for (int release = 1; release <= 2; release++) {
            Path app =
                    Files.createDirectories(home.resolve("releases/" + release)).resolve("app");
            Files.writeString(app, "#!/bin/sh\necho this is release " + release + "\nexec \"$@\"\n");
            assertThat(app.toFile().setExecutable(true)).isTrue();
        }
        Path current = Files.createSymbolicLink(home.resolve("current"), Path.of("releases/1"));
        List<String> program = new ArrayList<>(List.of("./app"));
        program.addAll(smallServer());
        ProcessBuilder builder = builder(List.of("run", "--type", "api", "--drain-pause", "0s"), program)
                .directory(current.toFile());
        builder.environment().put("PWD", current.toString());
        processes.add(builder.start());
        awaitRunning(1);
        assertThat(Files.readString(printed)).contains("| this is release 1\n");

        Path next = Files.createSymbolicLink(home.resolve("next"), Path.of("releases/2"));
        Files.move(next, current, StandardCopyOption.ATOMIC_MOVE);
        Files.delete(home.resolve("releases/1/app"));
        Files.delete(home.resolve("releases/1"));
        assertThat(new Terminal(home).type("reload", "api")).isZero();

        await().atMost(BOUND)
                .untilAsserted(() -> assertThat(Files.readString(printed)).contains("| this is release 2\n"));
    }

    @Test
    void a_detached_launcher_is_up_when_the_command_returns_and_ends_with_its_last_type() throws Exception {
        Process command = begin("run", "--detach", "--type", "api", "--instances", "2", "--drain-pause", "0s");

        assertThat(command.waitFor(60, TimeUnit.SECONDS)).isTrue();

        assertThat(Files.readString(printed)).startsWith("2 instances are up; launcher ");
        assertThat(command.exitValue()).isZero();
        assertThat(list()).containsPattern("running +passing");
        Terminal terminal = new Terminal(home);
        assertThat(terminal.type("logs", "api")).isZero();
        assertThat(terminal.out()).contains(" | listening there\n");
        assertThat(terminal.type("delete", "api")).isZero();
        await().atMost(BOUND).untilAsserted(() -> assertThat(list()).startsWith("nothing runs"));
        assertThat(passing("api")).isZero();
    }

    @Test
    void a_detached_launcher_that_does_not_come_up_is_ended_and_the_command_says_why() throws Exception {
        Process command = beginWith(
                List.of("run", "--detach", "--type", "api", "--max-restarts", "1"),
                List.of("sh", "-c", "echo oh no; exit 3"));

        assertThat(command.waitFor(60, TimeUnit.SECONDS)).isTrue();

        assertThat(command.exitValue()).isEqualTo(1);
        assertThat(Files.readString(printed))
                .contains("did not come up")
                .contains("code 3")
                .contains("oh no");
        assertThat(list()).startsWith("nothing runs");
    }

    @Test
    void a_registered_command_is_in_the_registry_until_it_is_told_to_stop() throws Exception {
        Process command =
                begin("register", "--type", "api", "--port", Integer.toString(FreePorts.take()), "--drain-pause", "0s");
        await().atMost(BOUND).untilAsserted(() -> assertThat(passing("api")).isEqualTo(1));

        command.destroy();

        assertThat(command.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(command.exitValue()).isZero();
        assertThat(passing("api")).isZero();
    }

    @Test
    void a_registered_command_ends_with_its_own_exit_code() throws Exception {
        Process command = beginWith(
                List.of("register", "--type", "api", "--port", Integer.toString(FreePorts.take())),
                List.of("sh", "-c", "exit 7"));

        assertThat(command.waitFor(60, TimeUnit.SECONDS)).isTrue();

        assertThat(command.exitValue()).isEqualTo(7);
    }

    private Process begin(String... words) throws Exception {
        return beginWith(List.of(words), smallServer());
    }

    private static List<String> smallServer() throws URISyntaxException {
        String classes = Path.of(SmallServer.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI())
                .toString();
        return List.of(
                JAVA,
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx32m",
                "-cp",
                classes,
                SmallServer.class.getName(),
                "there");
    }

    private Process beginWith(List<String> words, List<String> program) throws Exception {
        Process process = builder(words, program).start();
        processes.add(process);
        return process;
    }

    private ProcessBuilder builder(List<String> words, List<String> program) {
        List<String> line = new ArrayList<>(Signals.likeInATerminal());
        line.addAll(List.of(
                JAVA,
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        line.addAll(words);
        line.addAll(List.of("--consul", registryUrl, "--"));
        line.addAll(program);
        ProcessBuilder builder =
                new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(printed.toFile());
        builder.environment().putAll(new Terminal(home).environment);
        return builder;
    }

    private String list() {
        Terminal terminal = new Terminal(home);
        assertThat(terminal.type("list")).isZero();
        return terminal.out();
    }

    private void awaitRunning(int instances) {
        await().atMost(BOUND).untilAsserted(() -> assertThat(list().split("running +passing", -1))
                .hasSize(instances + 1));
    }

    /** The ids of instances that run, as they are listed. */
    private String ids() {
        Matcher matcher =
                Pattern.compile("(?m)^\\S+ +(\\S+).* running +passing").matcher(list());
        return matcher.find() ? matcher.group(1) : "";
    }

    private int passing(String type) {
        return consul.get("/v1/health/service/" + type + "?passing=true").json().size();
    }
}

package dev.pointsman.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.cli.run.LauncherPlan;
import dev.pointsman.cli.run.LauncherStart;
import dev.pointsman.launcher.api.Operations;
import dev.pointsman.launcher.api.Output;
import dev.pointsman.launcher.plan.ServicePlan;
import dev.pointsman.launcher.watch.FolderWatch;
import dev.pointsman.registry.consul.ConsulAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunCommandTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path home;

    private final ScriptedLauncher operations = new ScriptedLauncher();
    private final CompletableFuture<Integer> ended = new CompletableFuture<>();
    private final CompletableFuture<Given> given = new CompletableFuture<>();

    private record Given(
            List<ServicePlan> plans,
            ConsulAddress consul,
            @Nullable String advertise,
            Output output,
            Path runtime) {}

    @Test
    void a_launcher_runs_until_it_ends_and_can_be_asked_meanwhile() throws Exception {
        operations.with(ScriptedLauncher.running("api", 1));
        Terminal terminal = new Terminal(home).with(this::start);
        CompletableFuture<Integer> exit = run(terminal, "--type", "api", "--instances", "3", "--", "sh", "-c", "true");
        Given started = given.get();

        assertThat(started.plans()).singleElement().satisfies(plan -> {
            assertThat(plan.type()).isEqualTo("api");
            assertThat(plan.instances()).isEqualTo(3);
            assertThat(plan.command()).containsExactly("sh", "-c", "true");
        });
        assertThat(started.consul().url()).isEqualTo("http://127.0.0.1:8500");
        assertThat(started.runtime()).isEqualTo(home.resolve("pointsman"));
        started.output().line("api", "api-1", "hello");
        await().untilAsserted(() -> {
            Terminal second = new Terminal(home);
            assertThat(second.type("list")).isZero();
            assertThat(second.out()).contains("api-1");
        });
        assertThat(exit).isNotDone();

        ended.complete(0);

        assertThat(exit.get()).isZero();
        assertThat(terminal.out())
                .startsWith("Pointsman launcher " + ProcessHandle.current().pid() + " runs 3 x api\n"
                        + "  registry  http://127.0.0.1:8500\n"
                        + "  logs      " + home.resolve("state/pointsman/logs") + "\n"
                        + "  commands  pointsman list, ")
                .endsWith("api-1 | hello\n");
        assertThat(home.resolve("state/pointsman/logs/api.log")).exists();
        Terminal afterwards = new Terminal(home);
        afterwards.type("list");
        assertThat(afterwards.out()).startsWith("nothing runs");
    }

    @Test
    void a_launcher_that_gave_up_ends_with_1() throws Exception {
        Terminal terminal = new Terminal(home).with(this::start);
        CompletableFuture<Integer> exit = run(terminal, "--type", "api", "--no-log-files", "--", "sh");

        ended.complete(1);

        assertThat(exit.get()).isEqualTo(1);
        assertThat(terminal.err()).contains("pointsman run: a type was given up");
        assertThat(terminal.out()).doesNotContain("logs  ");
    }

    @Test
    void a_folder_for_log_files_that_cannot_be_used_is_not_announced() throws Exception {
        Path file = Files.createFile(home.resolve("file"));
        Terminal terminal = new Terminal(home).with(this::start);
        String folder = file.resolve("below").toString();
        CompletableFuture<Integer> exit = run(terminal, "--type", "api", "--log-dir", folder, "--", "sh");

        ended.complete(0);

        assertThat(exit.get()).isZero();
        assertThat(terminal.out()).contains("runs 1 x api").doesNotContain("logs  ");
    }

    @Test
    void a_launcher_in_the_background_without_log_files_is_bad_usage() {
        Terminal terminal = new Terminal(home).with(this::start);

        assertThat(terminal.type("run", "--type", "api", "--detach", "--no-log-files", "--", "sh"))
                .isEqualTo(2);
        assertThat(terminal.err()).startsWith("pointsman run: --detach needs the log files");
    }

    @Test
    void a_change_in_a_watched_folder_reloads() throws Exception {
        Path code = Files.createDirectory(home.resolve("code"));
        Terminal terminal = new Terminal(home).with(this::start);
        CompletableFuture<Integer> exit =
                run(terminal, "--type", "api", "--watch", code.toString(), "--ignore", "*.tmp", "--", "sh");
        given.get();
        await().until(() -> {
            Terminal second = new Terminal(home);
            second.type("stop", "api");
            return !operations.asked.isEmpty();
        });
        operations.asked.clear();

        // The watch begins after the socket: a change may come too early for it, but the next does not. And a burst
        // must have
        // the time to end.
        await().pollInterval(FolderWatch.QUIET.multipliedBy(3)).untilAsserted(() -> {
            Files.writeString(code.resolve("app.js"), "1");
            assertThat(operations.asked).contains("reload api 0");
        });

        ended.complete(0);
        assertThat(exit.get()).isZero();
    }

    @Test
    void every_problem_of_a_command_line_is_said_at_once() {
        Terminal terminal = new Terminal(home);

        assertThat(terminal.type("run", "--instances", "0.5", "--consul", "ftp://x", "--advertise", "a b", "--", "sh"))
                .isEqualTo(2);

        assertThat(terminal.err().lines())
                .hasSize(4)
                .allMatch(line -> line.startsWith("pointsman run: "))
                .anyMatch(line -> line.contains("--type: missing"))
                .anyMatch(line -> line.contains("--instances: \"0.5\""))
                .anyMatch(line -> line.contains("ftp://x"))
                .anyMatch(line -> line.contains("--advertise: "));
    }

    @Test
    void a_file_and_a_command_are_one_too_many() throws Exception {
        Path file = Files.writeString(home.resolve("services.yaml"), "services: {a: sh}");
        Terminal terminal = new Terminal(home);

        assertThat(terminal.type("run", "-f", file.toString(), "--", "sh")).isEqualTo(2);

        assertThat(terminal.err()).isEqualTo("pointsman run: \"sh\": a command beside -f (expected: one of the two)\n");
    }

    @Test
    void a_file_says_where_the_registry_is_unless_a_flag_does() throws Exception {
        Path file =
                Files.writeString(home.resolve("services.yaml"), "{consul: 'http://10.0.0.1:80', services: {a: sh}}");
        ended.complete(0);
        Terminal terminal = new Terminal(home).with(this::start);

        assertThat(terminal.type("run", "-f", file.toString())).isZero();

        assertThat(given.get().consul().url()).isEqualTo("http://10.0.0.1:80");
    }

    private static CompletableFuture<Integer> run(Terminal terminal, String... words) {
        String[] all = new String[words.length + 1];
        all[0] = "run";
        System.arraycopy(words, 0, all, 1, words.length);
        return CompletableFuture.supplyAsync(() -> terminal.type(all));
    }

    private LauncherStart.Started start(LauncherPlan plan, Output output, Path runtime) {
        given.complete(new Given(plan.services(), plan.registry(), plan.advertise(), output, runtime));
        return new LauncherStart.Started() {
            @Override
            public Operations operations() {
                return operations;
            }

            @Override
            public CompletionStage<Integer> stop() {
                ended.complete(0);
                return ended;
            }

            @Override
            public CompletionStage<Integer> ended() {
                return ended;
            }
        };
    }
}

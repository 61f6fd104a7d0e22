package dev.pointsman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.pointsman.cli.run.RuntimeFolder;
import dev.pointsman.launcher.api.InstanceStatus;
import dev.pointsman.launcher.api.InstanceStatus.InstanceState;
import dev.pointsman.launcher.api.LauncherSettings;
import dev.pointsman.launcher.api.LauncherSettings.TypeSettings;
import dev.pointsman.launcher.log.InstanceLogs;
import dev.pointsman.launcher.log.LogSettings;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that users of other process managers look for, typed at a launcher without processes. */
class ProcessManagerCommandsTest {
    private static final long OWN = ProcessHandle.current().pid();
    private static final long OTHER =
            ProcessHandle.current().parent().orElseThrow().pid();

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path home;

    private final ScriptedLauncher launcher = new ScriptedLauncher();
    private final List<AutoCloseable> open = new ArrayList<>();
    private Terminal terminal;

    @BeforeEach
    void sit_down() {
        terminal = new Terminal(home);
        launcher.with(instance("api", 0, 4711, InstanceState.RUNNING));
        launcher.with(instance("api", 1, 4712, InstanceState.RUNNING));
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("command", List.of("/bin/sh", "-c", "exec app"));
        settings.put("instances", "1");
        settings.put("env", Map.of("TOKEN", "hush"));
        settings.put("tags", List.of("a", "b"));
        terminal.settings =
                new LauncherSettings("http://127.0.0.1:8500", "10.0.0.1", List.of(new TypeSettings("api", settings)));
    }

    @AfterEach
    void leave() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    @Test
    void restart_reset_and_signal_ask_the_launcher() throws Exception {
        open.add(terminal.launcher(launcher, OWN, "api"));

        assertThat(terminal.type("restart", "api")).isZero();
        assertThat(terminal.type("reset", "--all")).isZero();
        assertThat(terminal.type("signal", "SIGUSR2", "api", "api-4711")).isZero();
        assertThat(terminal.type("sendSignal", "12", "api")).isZero();

        assertThat(launcher.asked)
                .containsExactly(
                        "restart api", "reset api", "signal api USR2", "signal api-4711 USR2", "signal api USR2");
    }

    @Test
    void a_signal_that_is_none_is_bad_usage_and_reaches_nobody() throws Exception {
        open.add(terminal.launcher(launcher, OWN, "api"));

        assertThat(terminal.type("signal", "PANIC", "api")).isEqualTo(2);
        assertThat(terminal.type("signal", "USR2")).isEqualTo(2);
        assertThat(terminal.type("signal", "USR2", "nobody")).isEqualTo(1);

        assertThat(terminal.err()).contains("\"PANIC\" (expected one of: HUP, INT,");
        assertThat(launcher.asked).isEmpty();
    }

    @Test
    void pid_prints_numbers_and_nothing_else() throws Exception {
        launcher.with(instance("web", 0, 5000, InstanceState.RUNNING));
        open.add(terminal.launcher(launcher, OWN, "api", "web"));

        assertThat(terminal.type("pid", "api")).isZero();
        assertThat(terminal.type("pid", "nobody")).isEqualTo(1);

        assertThat(terminal.out()).isEqualTo("14711\n14712\n");
        assertThat(terminal.err()).isEqualTo("pointsman pid: no instance of \"nobody\" runs\n");
    }

    @Test
    void describe_shows_what_a_type_was_started_with_but_no_value_of_a_variable() throws Exception {
        open.add(terminal.launcher(launcher, OWN, home.resolve("logs"), "api"));

        assertThat(terminal.type("describe", "api")).isZero();

        assertThat(terminal.out())
                .startsWith("api\n  launcher ")
                .containsPattern("registry +http://127.0.0.1:8500\n")
                .containsPattern("command +/bin/sh -c 'exec app'\n")
                .containsPattern("env +TOKEN\n")
                .containsPattern("tags +a, b\n")
                .containsPattern("instances +2\n")
                .contains("logs/api.log\n")
                .contains("api-4712")
                .doesNotContain("hush");
    }

    @Test
    void describe_of_one_instance_has_that_one_alone_also_as_json() throws Exception {
        open.add(terminal.launcher(launcher, OWN, "api"));

        assertThat(terminal.type("show", "api-4712", "--json")).isZero();

        JsonNode json = new JsonMapper().readTree(terminal.out());
        assertThat(json.path("type").asText()).isEqualTo("api");
        assertThat(json.path("settings").path("command").get(2).asText()).isEqualTo("exec app");
        assertThat(json.path("settings").path("env").path("TOKEN").asText()).isEmpty();
        assertThat(json.path("instances")).hasSize(1);
        assertThat(json.path("instances").get(0).path("number").asInt()).isEqualTo(1);
    }

    @Test
    void env_shows_variables_and_masks_what_looks_secret() throws Exception {
        Process process = new ProcessBuilder("sleep", "60").start();
        open.add(process::destroyForcibly);
        launcher.instances.clear();
        launcher.with(new InstanceStatus(
                "api",
                0,
                "api-1",
                process.pid(),
                1,
                InstanceState.RUNNING,
                "passing",
                0,
                "",
                Duration.ZERO,
                0,
                0,
                null));
        open.add(terminal.launcher(launcher, OWN, "api"));

        assertThat(terminal.type("env", "api")).isZero();

        assertThat(terminal.out()).contains("PATH=" + System.getenv("PATH") + "\n");
    }

    @Test
    void what_looks_secret_is_masked_by_its_name_and_passwords_in_urls_are() {
        for (String name :
                List.of("API_KEY", "GITHUB_TOKEN", "DB_PASSWORD", "DB_PASS", "CLIENT_SECRET", "KEY", "APIKEY")) {
            assertThat(SecretValues.masked(name, "hush")).as(name).isEqualTo("***");
        }
        for (String name : List.of("PATH", "PWD", "NODE_ENV", "KEYBOARD", "MONKEY_ISLAND", "PASSENGERS", "PORT")) {
            assertThat(SecretValues.masked(name, "said")).as(name).isEqualTo("said");
        }
        assertThat(SecretValues.masked("DATABASE_URL", "postgres://me:hush@db/app"))
                .isEqualTo("postgres://me:***@db/app");
        assertThat(SecretValues.masked("API_KEY", "")).isEmpty();
    }

    @Test
    void flush_deletes_what_a_type_printed_and_leaves_the_others() throws Exception {
        Path logs = home.resolve("state/pointsman/logs");
        print(logs, "api", "web");
        Files.writeString(logs.resolve("api.log.1"), "old");
        Files.writeString(logs.resolve("launcher.out"), "the launcher's own");

        assertThat(terminal.type("flush", "api")).isZero();

        assertThat(logs).isDirectoryNotContaining("glob:**/api.log*[!k]");
        assertThat(logs.resolve("web.log")).exists();
        assertThat(logs.resolve("launcher.out")).exists();
        assertThat(terminal.out()).isEqualTo("Deleted what api had printed.\n");
    }

    @Test
    void flush_without_a_name_is_for_all_and_one_without_a_file_is_told() throws Exception {
        print(home.resolve("state/pointsman/logs"), "api", "web");

        assertThat(terminal.type("flush", "nobody")).isEqualTo(1);
        assertThat(terminal.type("flush")).isZero();
        assertThat(terminal.type("flush")).isZero();

        assertThat(terminal.err()).isEqualTo("pointsman flush: \"nobody\" has no log file\n");
        assertThat(terminal.out())
                .isEqualTo(
                        "Deleted what api had printed.\nDeleted what web had printed.\nThere was nothing to delete.\n");
    }

    @Test
    void save_writes_what_runs_now_into_files_that_nobody_else_can_read() throws Exception {
        launcher.with(instance("api", 1, 4713, InstanceState.DRAINING));
        open.add(terminal.launcher(launcher, OWN, "api"));

        assertThat(terminal.type("save")).isZero();

        Path saved = home.resolve("state/pointsman/saved/launcher-1.yaml");
        assertThat(Files.readString(saved))
                .contains("consul: \"http://127.0.0.1:8500\"\nadvertise: 10.0.0.1\nservices:\n")
                .contains("    instances: 2\n")
                .contains("TOKEN: hush");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(saved)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(saved.getParent())))
                .isEqualTo("rwx------");
        assertThat(terminal.out()).startsWith("Saved " + saved);
    }

    @Test
    void what_was_stopped_is_saved_with_no_instance() throws Exception {
        launcher.instances.clear();
        launcher.with(instance("api", 0, 4711, InstanceState.STOPPED));
        open.add(terminal.launcher(launcher, OWN, "api"));
        Path file = home.resolve("mine.yaml");

        assertThat(terminal.type("save", "-o", file.toString())).isZero();

        assertThat(Files.readString(file))
                .contains("  # it was stopped\n  api:\n")
                .contains("instances: 0\n");
    }

    @Test
    void another_save_replaces_the_one_before_and_one_without_a_launcher_leaves_it() throws Exception {
        AutoCloseable one = terminal.launcher(launcher, OWN, "api");
        AutoCloseable two = terminal.launcher(new ScriptedLauncher(), OTHER, "api");
        Path saved = home.resolve("state/pointsman/saved");
        assertThat(terminal.type("save")).isZero();
        assertThat(saved.resolve("launcher-2.yaml")).exists();
        two.close();
        assertThat(terminal.type("save")).isZero();
        assertThat(saved).isDirectoryContaining("glob:**1.yaml").isDirectoryNotContaining("glob:**2.yaml");
        one.close();

        assertThat(terminal.type("save")).isEqualTo(1);

        assertThat(terminal.err()).contains("no launcher is running").contains("what was saved before stays");
        assertThat(saved.resolve("launcher-1.yaml")).exists();
    }

    @Test
    void while_a_launcher_does_not_respond_nothing_is_saved_and_what_was_saved_stays() throws Exception {
        open.add(terminal.launcher(launcher, OWN, "api"));
        AutoCloseable two = terminal.launcher(new ScriptedLauncher(), OTHER, "api");
        assertThat(terminal.type("save")).isZero();
        two.close();
        ServerSocketChannel hanging = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        open.add(hanging.bind(UnixDomainSocketAddress.of(
                RuntimeFolder.of(terminal.environment).path().resolve(OTHER + ".sock"))));

        assertThat(terminal.type("save")).isEqualTo(1);

        assertThat(terminal.err())
                .contains("launcher " + OTHER + " does not respond")
                .contains("nothing was saved, and what was saved before stays");
        assertThat(home.resolve("state/pointsman/saved/launcher-2.yaml")).exists();
    }

    @Test
    void what_is_saved_is_found_again_in_its_order_and_in_every_language() throws Exception {
        SavedState saved = SavedState.of(terminal.environment);
        Locale before = Locale.getDefault();
        try {
            // Whose digits are others.
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
            List<Path> written = saved.replace(Collections.nCopies(11, "services: {}\n"));

            assertThat(saved.files()).isEqualTo(written).hasSize(11);
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void resurrect_and_startup_say_when_nothing_was_saved() {
        assertThat(terminal.type("resurrect")).isEqualTo(1);
        assertThat(terminal.type("startup")).isEqualTo(1);

        assertThat(terminal.err()).contains("nothing was saved (pointsman save does it)");
    }

    @Test
    void resurrect_leaves_alone_what_runs() throws Exception {
        open.add(terminal.launcher(launcher, OWN, "api"));
        assertThat(terminal.type("save")).isZero();

        assertThat(terminal.type("resurrect")).isZero();

        assertThat(terminal.out()).endsWith("api runs already.\n");
    }

    @Test
    void startup_prints_what_a_shell_does_and_does_nothing() throws Exception {
        open.add(terminal.launcher(launcher, OWN, "api"));
        assertThat(terminal.type("save")).isZero();

        assertThat(terminal.type("startup", "--user")).isZero();
        assertThat(terminal.type("unstartup", "--system")).isZero();
        assertThat(terminal.type("startup", "--user", "--system")).isEqualTo(2);

        assertThat(terminal.out())
                .contains("\npointsman systemd --user -f " + home.resolve("state/pointsman/saved/launcher-1.yaml")
                        + " > ~/.config/systemd/user/pointsman-saved-1.service\n")
                .contains("\nsystemctl --user enable --now pointsman-saved-1.service\n")
                .contains("\nloginctl enable-linger\n")
                .contains("for unit in /etc/systemd/system/pointsman-saved-*.service; do\n");
    }

    @Test
    void what_cannot_be_saved_leaves_nothing_behind() throws Exception {
        Path taken = home.resolve("out/taken.yaml");
        Files.createDirectories(taken.resolve("by-a-folder"));
        open.add(terminal.launcher(launcher, OWN, "api"));

        assertThat(terminal.type("save", "-o", taken.toString())).isEqualTo(1);

        assertThat(terminal.err()).contains(taken + " cannot be written");
        assertThat(home.resolve("out")).isDirectoryNotContaining("glob:**.new");
    }

    @Test
    void monit_of_what_does_not_run_says_what_does() throws Exception {
        open.add(terminal.launcher(launcher, OWN, "api"));

        assertThat(terminal.type("monit", "nothing-such", "--once")).isEqualTo(1);

        assertThat(terminal.err())
                .contains("\"nothing-such\" is no type or instance that runs here (expected one of: api");
    }

    @Test
    void monit_shows_instances_and_what_they_printed() throws Exception {
        Path logs = home.resolve("state/pointsman/logs");
        print(logs, "api");
        open.add(terminal.launcher(launcher, OWN, logs, "api"));

        assertThat(terminal.type("monit", "--once")).isZero();

        assertThat(terminal.out()).isEqualTo("""
                1 launcher, 2 instances: 2 running, cpu 2.6%, memory 90m, 0 restarts

                TYPE  ID          PID  PORT  STATE    HEALTH   RESTARTS  UPTIME   CPU  MEMORY
                api   api-4711  14711  4711  running  passing         0   3m12s  1.3%     45m
                api   api-4712  14712  4712  running  passing         0   3m12s  1.3%     45m

                api-1 | hello of api
                """);
    }

    private static void print(Path logs, String... types) throws IOException {
        try (InstanceLogs printed = new InstanceLogs(LogSettings.in(logs), null, Clock.systemUTC())) {
            for (String type : types) {
                printed.line(type, type + "-1", "hello of " + type);
            }
        }
    }

    private static InstanceStatus instance(String type, int number, int port, InstanceState state) {
        boolean runs = state != InstanceState.STOPPED;
        return new InstanceStatus(
                type,
                number,
                type + "-" + port,
                runs ? 10_000 + port : 0,
                port,
                state,
                runs ? "passing" : "unknown",
                0,
                "",
                Duration.ofSeconds(192),
                1.25,
                45L << 20,
                null);
    }
}

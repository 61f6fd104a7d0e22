package dev.pointsman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.pointsman.launcher.api.InstanceStatus.InstanceState;
import dev.pointsman.launcher.log.InstanceLogs;
import dev.pointsman.launcher.log.LogSettings;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandsTest {
    private static final long OWN = ProcessHandle.current().pid();
    private static final long OTHER =
            ProcessHandle.current().parent().orElseThrow().pid();

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path home;

    private final ScriptedLauncher launcher = new ScriptedLauncher()
            .with(ScriptedLauncher.running("api-service", 4711))
            .with(ScriptedLauncher.running("api-service", 40712));
    private final List<AutoCloseable> open = new ArrayList<>();
    private Terminal terminal;

    @BeforeEach
    void sit_down() {
        terminal = new Terminal(home);
    }

    @AfterEach
    void leave() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    @Test
    void without_a_launcher_a_list_says_how_to_get_one() {
        assertThat(terminal.type("list")).isZero();

        assertThat(terminal.out()).isEqualTo("nothing runs (pointsman run --type T -- COMMAND starts something)\n");
    }

    @Test
    void a_list_is_a_table() throws Exception {
        open.add(terminal.launcher(launcher, OWN, "api-service"));

        assertThat(terminal.type("list")).isZero();

        assertThat(terminal.out()).isEqualTo("""
                TYPE         ID                   PID   PORT  STATE    HEALTH   RESTARTS  UPTIME   CPU  MEMORY
                api-service  api-service-4711   14711   4711  running  passing         0   3m12s  1.3%     45m
                api-service  api-service-40712  50712  40712  running  passing         0   3m12s  1.3%     45m
                """);
    }

    @Test
    void a_type_that_has_no_instance_at_the_moment_is_named_below_the_table() throws Exception {
        open.add(terminal.launcher(launcher, OWN, "api-service", "web"));

        assertThat(terminal.type("list")).isZero();

        assertThat(terminal.out()).endsWith("45m\nweb has no instances (pointsman scale web 1 starts one)\n");
    }

    @Test
    void what_is_not_as_it_should_be_has_a_reason_in_the_list() throws Exception {
        launcher.instances.clear();
        launcher.with(ScriptedLauncher.status(
                "api", 0, InstanceState.FAILED, "given up after 10 starts:\n it exited with 1"));
        open.add(terminal.launcher(launcher, OWN, "api"));

        terminal.type("list");

        assertThat(terminal.out()).isEqualTo("""
                TYPE  ID     PID  PORT  STATE   HEALTH   RESTARTS  UPTIME  CPU  MEMORY  WHY
                api   api-0    -     -  failed  unknown         3       -    -       -  given up after 10 starts: it exited with 1
                """);
    }

    @Test
    void a_list_of_several_launchers_is_one_and_comes_as_json_too() throws Exception {
        open.add(terminal.launcher(launcher, OWN, "api-service"));
        open.add(terminal.launcher(new ScriptedLauncher().with(ScriptedLauncher.running("web", 1)), OTHER, "web"));

        assertThat(terminal.type("list", "--json")).isZero();

        JsonNode list = new JsonMapper().readTree(terminal.out());
        assertThat(list).hasSize(3);
        assertThat(list.findValuesAsText("type")).containsExactlyInAnyOrder("api-service", "api-service", "web");
        for (JsonNode each : list) {
            assertThat(each.path("launcher").asLong())
                    .isEqualTo(each.path("type").asText().equals("web") ? OTHER : OWN);
            assertThat(each.path("state").asText()).isEqualTo("running");
            assertThat(each.path("uptimeMillis").asLong()).isEqualTo(192_000);
            assertThat(each.path("memoryBytes").asLong()).isEqualTo(45L << 20);
        }
    }

    @Test
    void an_operation_tells_its_steps_and_ends_with_0() throws Exception {
        open.add(terminal.launcher(launcher, OWN, "api-service"));

        assertThat(terminal.type("reload", "api-service", "--batch", "2")).isZero();

        assertThat(terminal.out()).isEqualTo("reload api-service 2: the first step\nreload api-service 2: done\n");
        assertThat(terminal.err()).isEmpty();
    }

    @Test
    void an_operation_that_cannot_be_ends_with_1_and_why() throws Exception {
        open.add(terminal.launcher(launcher, OWN, "bad"));

        assertThat(terminal.type("reload", "bad")).isEqualTo(1);

        assertThat(terminal.err()).isEqualTo("pointsman reload: reload bad 0: cannot be\n");
    }

    @Test
    void fewer_is_written_with_a_minus() throws Exception {
        open.add(terminal.launcher(launcher, OWN, "api-service"));

        assertThat(terminal.type("scale", "api-service", "-1")).isZero();
        assertThat(terminal.type("scale", "api-service", "+2")).isZero();
        assertThat(terminal.type("scale", "api-service", "4")).isZero();

        assertThat(launcher.asked)
                .containsExactly("scale api-service -1", "scale api-service +2", "scale api-service 4");
    }

    @Test
    void a_change_that_is_none_is_bad_usage() {
        assertThat(terminal.type("scale", "api-service", "more")).isEqualTo(2);

        assertThat(terminal.err()).isEqualTo("""
                        pointsman scale: "more" (expected: how many, such as 4, +1 or -1)
                        Try 'pointsman scale --help'.
                        """);
    }

    @Test
    void an_option_that_there_is_not_is_bad_usage() {
        assertThat(terminal.type("scale", "api-service", "1", "--fast")).isEqualTo(2);
        assertThat(terminal.type("list", "--fast")).isEqualTo(2);
        assertThat(terminal.type()).isEqualTo(2);
    }

    @Test
    void several_names_are_looked_up_before_anything_is_done() throws Exception {
        open.add(terminal.launcher(launcher, OWN, "api-service"));

        assertThat(terminal.type("stop", "api-service", "nobody")).isEqualTo(1);

        assertThat(launcher.asked).isEmpty();
        assertThat(terminal.err())
                .isEqualTo("pointsman stop: \"nobody\" is no type or instance that runs here (expected one of:"
                        + " api-service, or an id of pointsman list)\n");
    }

    @Test
    void the_word_all_is_an_option_here() throws Exception {
        open.add(terminal.launcher(launcher, OWN, "api-service"));

        assertThat(terminal.type("reload", "all")).isEqualTo(1);

        assertThat(launcher.asked).isEmpty();
        assertThat(terminal.err())
                .isEqualTo(
                        "pointsman reload: \"all\" is no type or instance that runs here (expected: --all for every type,"
                                + " or one of: api-service)\n");
    }

    @Test
    void all_means_every_type_of_every_launcher_and_one_failure_does_not_keep_the_others() throws Exception {
        ScriptedLauncher other = new ScriptedLauncher();
        open.add(terminal.launcher(launcher, OWN, "bad", "api-service"));
        open.add(terminal.launcher(other, OTHER, "web"));

        assertThat(terminal.type("delete", "--all")).isEqualTo(1);

        assertThat(launcher.asked).containsExactly("delete bad", "delete api-service");
        assertThat(other.asked).containsExactly("delete web");
    }

    @Test
    void one_launcher_can_be_meant() throws Exception {
        ScriptedLauncher other = new ScriptedLauncher();
        open.add(terminal.launcher(launcher, OWN, "api-service"));
        open.add(terminal.launcher(other, OTHER, "api-service"));

        assertThat(terminal.type("reload", "api-service")).isEqualTo(1);
        assertThat(terminal.err()).contains("say which with --launcher PID");
        assertThat(terminal.type("reload", "api-service", "--launcher", Long.toString(OTHER)))
                .isZero();

        assertThat(launcher.asked).isEmpty();
        assertThat(other.asked).containsExactly("reload api-service 0");
    }

    @Test
    void which_must_be_said() {
        assertThat(terminal.type("stop")).isEqualTo(2);
        assertThat(terminal.type("stop", "--all", "api")).isEqualTo(2);

        assertThat(terminal.err())
                .contains("which? (expected: a type, an id or --all)")
                .contains("both --all and names");
    }

    @Test
    void logs_are_shown_of_running_and_of_former_instances() throws Exception {
        try (InstanceLogs former =
                new InstanceLogs(LogSettings.in(home.resolve("state/pointsman/logs")), null, Clock.systemUTC())) {
            former.line("web", "web-1", "bye");
        }
        try (InstanceLogs logs = new InstanceLogs(LogSettings.in(home.resolve("elsewhere")), null, Clock.systemUTC())) {
            logs.line("api-service", "api-service-4711", "one");
            logs.line("api-service", "api-service-40712", "two");
        }
        open.add(terminal.launcher(launcher, OWN, home.resolve("elsewhere"), "api-service"));

        assertThat(terminal.type("logs", "-n", "2")).isZero();
        assertThat(terminal.type("logs", "web")).isZero();
        assertThat(terminal.type("logs", "api-service-4711")).isZero();

        assertThat(terminal.out())
                .isEqualTo("api-service-4711  | one\napi-service-40712 | two\nweb-1 | bye\napi-service-4711 | one\n");
    }

    @Test
    void logs_of_an_unknown_name_say_whose_there_are() throws Exception {
        try (InstanceLogs former =
                new InstanceLogs(LogSettings.in(home.resolve("state/pointsman/logs")), null, Clock.systemUTC())) {
            former.line("web", "web-1", "bye");
        }

        assertThat(terminal.type("logs", "api")).isEqualTo(1);

        assertThat(terminal.err())
                .isEqualTo("pointsman logs: \"api\" has not printed anything (expected one of: web, or an id)\n");
    }

    @Test
    void every_command_explains_itself() {
        for (String command :
                List.of("run", "list", "logs", "scale", "reload", "stop", "start", "delete", "register", "systemd")) {
            assertThat(terminal.type(command, "--help")).as(command).isZero();
            assertThat(terminal.type("--help")).isZero();
        }
        assertThat(terminal.out()).contains("pointsman run --type T").contains("pointsman run -f services.yaml");
    }
}

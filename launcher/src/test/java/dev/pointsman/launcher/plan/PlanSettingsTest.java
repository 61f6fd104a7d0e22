package dev.pointsman.launcher.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written of a plan is read as the same plan. */
class PlanSettingsTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path folder;

    private Path program = Path.of("/");

    @BeforeEach
    void a_program() throws Exception {
        program = Files.createFile(folder.resolve("app"));
        assertThat(program.toFile().setExecutable(true)).isTrue();
    }

    @Test
    void a_plan_with_everything_comes_back() throws Exception {
        Path src = Files.createDirectory(folder.resolve("src"));
        Path env = Files.writeString(folder.resolve("env"), "A=b");
        ServicePlan plan = ServicePlan.of(
                        "api-service", List.of(program.toString(), "--port", "{port}", "with blanks", "", "'\"#: x"))
                .instances(3)
                .env(Map.of(
                        "A", "1", "TEXT", "two\nlines, and #: \"quotes\" \\ \u00e4\u0007", "EMPTY", "", "NO", "null"))
                .envFiles(List.of(env))
                .directory(src)
                .healthPath("/health")
                .tags(List.of("urlprefix-/x strip=/x", "blue"))
                .meta(Map.of("team", "one"))
                .options(new InstanceOptions(
                        Duration.ofSeconds(2),
                        Duration.ofMillis(500),
                        -1,
                        300L << 20,
                        3,
                        Duration.ofMinutes(1),
                        Duration.ZERO,
                        2))
                .watch(List.of(src))
                .ignore(List.of("*.tmp", "build/**"))
                .restart(new RestartRules(
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(1),
                        Set.of(0, 143),
                        new CronSchedule("0 3 * * 1-5", ZoneId.systemDefault())))
                .process(new ProcessRules("it is: ready", ProcessRules.StopSignal.INT, "NODE_APP_INSTANCE"))
                .build();

        assertThat(readAgain(plan)).isEqualTo(plan);
    }

    @Test
    void a_plan_with_nothing_but_defaults_is_a_command_and_a_number() throws Exception {
        ServicePlan plan = ServicePlan.of("api", List.of(program.toString())).build();

        assertThat(PlanSettings.of(plan)).containsOnlyKeys("command", "instances");
        assertThat(readAgain(plan).command()).isEqualTo(plan.command());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "~",
                "null",
                "true",
                "010",
                "1e3",
                "- a",
                "a: b",
                "a #b",
                "*x",
                "&x",
                "!x",
                "%x",
                "@x",
                "`x",
                "{a}",
                "[a]",
                " a ",
                "",
                "\u2028",
                "\ud83d\ude00",
                "'",
                "yes",
                "=",
                "0x10",
                "2026-01-01"
            })
    void any_value_comes_back_as_it_was(String value) throws Exception {
        ServicePlan plan = ServicePlan.of("api", List.of(program.toString(), value))
                .env(Map.of("V", value))
                .build();

        ServicePlan read = readAgain(plan);

        assertThat(read.env()).isEqualTo(Map.of("V", value));
        assertThat(read.command()).isEqualTo(plan.command());
    }

    private ServicePlan readAgain(ServicePlan plan) throws Exception {
        String text = new ServicesText()
                .comment("made by\na test")
                .key("consul", "http://127.0.0.1:8500")
                .service(plan.type(), PlanSettings.of(plan), List.of("of the service"))
                .toString();
        Path file = Files.writeString(folder.resolve("services.yaml"), text);
        Plans read = Plans.ofFile(file, List.of(), List.of(), new LaunchEnvironment(2, folder, Map.of("PATH", "/bin")));
        assertThat(read.consul()).isEqualTo("http://127.0.0.1:8500");
        return read.services().get(0);
    }
}

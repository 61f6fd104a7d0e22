package dev.pointsman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.config.BalancerSettings;
import dev.pointsman.balancer.config.RouteSettings;
import dev.pointsman.cli.run.RealLauncher;
import dev.pointsman.launcher.plan.ServiceSettings;
import dev.pointsman.settings.Option;
import dev.pointsman.settings.OptionTable;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void help_names_every_command() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString())
                .contains("balancer", "check", "registry", "demo", "service")
                .contains(
                        "run",
                        "top",
                        "routes",
                        "history",
                        "rollback",
                        "list",
                        "ls",
                        "logs",
                        "scale",
                        "reload",
                        "stop",
                        "start",
                        "delete",
                        "register",
                        "systemd");
        assertThat(err.toString()).isEmpty();
    }

    static Stream<Arguments> rows() {
        return Stream.of(
                        rows("balancer", BalancerSettings.TABLE),
                        rows("check", CheckCommand.TABLE),
                        rows("run", ServiceSettings.OF_TYPE),
                        rows("run", ServiceSettings.OF_LAUNCHER),
                        rows("systemd", ServiceSettings.OF_TYPE),
                        rows("register", ServiceSettings.OF_REGISTER),
                        rows("register", ServiceSettings.OF_LAUNCHER))
                .flatMap(each -> each);
    }

    private static Stream<Arguments> rows(String command, OptionTable table) {
        return table.flags().options().stream().map(row -> Arguments.of(command, row));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void the_help_has_every_row_with_its_default(String command, Option<?> row) {
        assertThat(run(command, "--help")).isZero();

        // Lines end anywhere in it, in long words too.
        assertThat(withoutBlanks(out.toString()))
                .contains(row.flag(), withoutBlanks(row.meaning() + " (" + row.defaultText() + ")"));
    }

    @Test
    void the_help_of_the_balancer_has_the_options_of_a_route_and_the_values_of_a_choice() {
        assertThat(run("balancer", "--help")).isZero();

        String help = withoutBlanks(out.toString());
        assertThat(RouteSettings.TABLE.flags().options())
                .allSatisfy(option -> assertThat(help).contains(withoutBlanks(option.key() + "=" + option.label())));
        assertThat(help).contains("x-forwarded,rfc7239orboth", "hash:header:NAME", "10.0.0.0/8");
    }

    private static String withoutBlanks(String text) {
        return text.replaceAll("\\s", "");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "balancer",
                "check",
                "registry",
                "demo",
                "service",
                "run",
                "list",
                "logs",
                "scale",
                "reload",
                "stop",
                "start",
                "delete",
                "register",
                "systemd"
            })
    void every_command_has_help_and_a_version(String command) {
        assertThat(run(command, "--help")).isZero();
        assertThat(out.toString()).contains("pointsman " + command);
        assertThat(run(command, "--version")).isZero();
    }

    @Test
    void the_version_is_told() {
        assertThat(run("--version")).isZero();
        assertThat(out.toString()).startsWith("pointsman ");
    }

    @Test
    void all_bad_values_are_listed_and_the_exit_code_is_two() {
        int code = run(
                "balancer", "--port", "x", "--drain", "2", "--route", "api", "--consul", "ftp://h", "--max-head", "1");

        assertThat(code).isEqualTo(2);
        assertThat(err.toString().lines())
                .hasSize(5)
                .allSatisfy(line ->
                        assertThat(line).startsWith("pointsman balancer: ").contains("expected"))
                .anySatisfy(line -> assertThat(line).contains("--port", "\"x\"", "from 0 to 65535"))
                .anySatisfy(line -> assertThat(line).contains("--drain", "\"2\"", "500ms"))
                .anySatisfy(line -> assertThat(line).contains("--route", "\"api\"", "ROUTE=TAG"))
                .anySatisfy(line -> assertThat(line).contains("--consul", "ftp://h"))
                .anySatisfy(line -> assertThat(line).contains("--max-head", "\"1\"", "1024"));
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void bad_values_of_a_file_are_listed_with_those_of_the_command_line(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("p.yaml"), "port: x\n");

        assertThat(run("balancer", "--config", file.toString(), "--drain", "2")).isEqualTo(2);
        assertThat(err.toString()).contains(file + ":1:7: port", "--drain");
    }

    @Test
    void a_config_file_that_is_not_there_is_bad_usage(@TempDir Path folder) {
        assertThat(run("balancer", "--config", folder.resolve("none").toString()))
                .isEqualTo(2);
        assertThat(err.toString()).contains("none", "a file that can be read").doesNotContain("\tat ");
    }

    @ParameterizedTest
    @CsvSource({"balancer, --colour", "registry, --colour", "demo, --colour", "balancer, extra"})
    void an_unknown_option_is_bad_usage_and_where_to_look_is_told(String command, String argument) {
        assertThat(run(command, argument)).isEqualTo(2);
        assertThat(err.toString()).contains(argument, "Try 'pointsman " + command + " --help'");
    }

    @ParameterizedTest
    @CsvSource({
        "balancer, --prot, --port",
        "balancer, --prot=80, --port",
        "list, --jsno, --json",
        "run, --instance, --instances",
        "list, --laucher, --launcher"
    })
    void a_misspelled_option_is_told_with_the_one_that_was_probably_meant(String command, String given, String meant) {
        assertThat(run(command, given)).isEqualTo(2);
        assertThat(err.toString()).contains(given, ". Did you mean " + meant + "?");
    }

    @Test
    void a_misspelled_command_is_told_with_the_one_that_was_probably_meant() {
        assertThat(run("statsu")).isEqualTo(2);
        assertThat(err.toString()).contains("'statsu'").endsWith(". Did you mean status?\n");
    }

    @Test
    void a_file_of_routes_that_cannot_be_read_is_bad_usage(@TempDir Path folder) {
        assertThat(run("routes", "put", folder.resolve("none").toString())).isEqualTo(2);
        assertThat(err.toString()).contains("none", "expected: a file that can be read");
    }

    @Test
    void an_option_without_its_value_is_bad_usage() {
        assertThat(run("balancer", "--port")).isEqualTo(2);
        assertThat(err.toString()).contains("--port");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "65536", "http"})
    void a_port_of_the_registry_that_is_none_is_bad_usage(String port) {
        assertThat(run("registry", "--port", port)).isEqualTo(2);
        assertThat(err.toString()).contains("--port", port);
    }

    @Test
    void an_unknown_command_is_told_with_those_that_there_are() {
        assertThat(run("nonsense")).isEqualTo(2);
        assertThat(err.toString())
                .contains("there is no command 'nonsense'", "expected one of: demo, balancer", "systemd")
                .hasLineCount(1);
    }

    @Test
    void no_command_at_all_is_bad_usage_for_the_command_line() {
        assertThat(run()).isEqualTo(2);
        assertThat(err.toString()).contains("a command is missing", "Usage: pointsman", "systemd");
        assertThat(out.toString()).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "''                | ''",
                "--port 8081       | balancer --port 8081",
                "--dev             | balancer --dev",
                "balancer --dev    | balancer --dev",
                "registry          | registry",
                "demo --port 1     | demo --port 1",
                "--help            | --help",
                "-V                | -V",
                "nonsense          | nonsense",
            })
    void flags_without_a_command_are_a_balancer_s(String given, String full) {
        String[] args = given.isEmpty() ? new String[0] : given.split(" ", -1);

        assertThat(String.join(" ", Main.withCommand(args))).isEqualTo(full);
    }

    @ParameterizedTest
    @CsvSource({
        "registry, --port, x, 0",
        "registry, --port, 65536, 0",
        "demo, --port, 0, 1",
        "demo, --admin-port, -1, 1"
    })
    void a_port_that_is_none_is_told_with_what_was_expected(String command, String flag, String value, int least) {
        assertThat(run(command, flag + "=" + value)).isEqualTo(2);
        assertThat(err.toString())
                .contains(flag, "\"" + value + "\"", "expected: a whole number from " + least + " to 65535");
    }

    @ParameterizedTest
    @ValueSource(strings = {"changes", "top", "logs"})
    void a_number_that_is_none_is_told_with_what_was_expected(String command) {
        assertThat(run(command, "-n", "many")).isEqualTo(2);
        assertThat(err.toString()).contains("-n", "\"many\" (expected: a whole number)");
    }

    @ParameterizedTest
    @CsvSource({"rollback, banana", "list, --launcher=banana"})
    void a_long_number_that_is_none_is_told_with_what_was_expected(String command, String argument) {
        assertThat(run(command, argument)).isEqualTo(2);
        assertThat(err.toString()).contains("\"banana\" (expected: a whole number)");
    }

    private int run(String... args) {
        PrintWriter terminal = new PrintWriter(out, true);
        PointsmanCommand pointsman = new PointsmanCommand(System.getenv(), new RealLauncher(), terminal);
        return Main.commandLine(pointsman, args.length == 0 ? "" : args[0], terminal, new PrintWriter(err, true))
                .execute(args);
    }
}

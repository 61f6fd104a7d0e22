package dev.pointsman.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The command line, as far as it starts nothing. */
class SampleServiceTest {
    private record Ended(int exitCode, String out, String err) {}

    @Test
    void without_a_type_there_is_the_usage_and_exit_code_2() {
        assertThat(run().exitCode()).isEqualTo(2);
        assertThat(run().err()).contains("type").contains("Usage: sample-service");
        assertThat(run("  ").exitCode()).isEqualTo(2);
        assertThat(run("  ").err()).contains("Usage: sample-service");
    }

    @Test
    void every_problem_is_listed_at_once() {
        Ended ended = run(
                "a b",
                "--port",
                "99999",
                "--busy",
                "lots",
                "--consul",
                "h:p",
                "--tag",
                " ",
                "--host",
                "[::]",
                "--calls",
                " ");
        assertThat(ended.exitCode()).isEqualTo(2);
        assertThat(ended.err())
                .contains("type: a b (expected: ")
                .contains("--port: 99999 (expected: ")
                .contains("--busy: lots (expected: ")
                .contains("--consul: h:p (expected: ")
                .contains("tag:   (expected: ")
                .contains("host: [::] (expected: ")
                .contains("--calls: service: '' (expected: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"9-8", "x", "0-5", "1-70000"})
    void a_bad_range_of_ports_gets_one_sentence(String range) {
        Ended ended = run("api-service", "--ports", range);
        assertThat(ended.exitCode()).isEqualTo(2);
        assertThat(ended.err()).startsWith("ports " + range + " (expected: ");
    }

    @Test
    void one_port_and_a_range_contradict_each_other() {
        assertThat(run("api-service", "--port", "1", "--ports", "1-2").err()).contains("--port and --ports");
    }

    @Test
    void an_unknown_option_is_named() {
        Ended ended = run("api-service", "--prot", "1");
        assertThat(ended.exitCode()).isEqualTo(2);
        assertThat(ended.err()).contains("--prot");
    }

    @Test
    void a_bad_environment_is_bad_usage_too() {
        Ended ended = run(Map.of("CONSUL_HTTP_ADDR", "unix:///x", "POINTSMAN_ADVERTISE", "0.0.0.0"), "api-service");
        assertThat(ended.exitCode()).isEqualTo(2);
        assertThat(ended.err()).contains("CONSUL_HTTP_ADDR: unix:///x").contains("advertised address: 0.0.0.0");
    }

    @Test
    void a_port_in_use_is_one_sentence_and_exit_code_1() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            for (Ended ended : List.of(
                    run("api-service", "--port", port),
                    run("api-service", "--port", port, "--calls", "webapp-service"))) {
                assertThat(ended.exitCode()).isEqualTo(1);
                assertThat(ended.err()).contains("Port " + port).hasLineCount(1);
            }
        }
    }

    @Test
    void help_goes_to_standard_output_and_is_no_failure() {
        Ended help = run("--help");
        assertThat(help.exitCode()).isZero();
        assertThat(help.out())
                .contains("Usage: sample-service")
                .contains("--busy")
                .contains("--calls")
                .contains("/bytes?n=");
    }

    private static Ended run(String... args) {
        return run(Map.of(), args);
    }

    private static Ended run(Map<String, String> environment, String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command = SampleService.commandLine(environment)
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err));
        return new Ended(command.execute(args), out.toString(), err.toString());
    }
}

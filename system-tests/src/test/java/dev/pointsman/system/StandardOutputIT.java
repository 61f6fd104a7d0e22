package dev.pointsman.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Commands whose standard output takes nothing: a full disk, a reader that is gone. */
class StandardOutputIT {
    @RegisterExtension
    final Cluster cluster = new Cluster();

    static Stream<Arguments> commands() {
        return Stream.of("--version", "list", "list --json", "run --help", "check --schema", "save --help")
                .map(Arguments::of);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void a_full_disk_is_said_on_standard_error_and_is_a_failure(String arguments) {
        Program program = shell("\"$@\" >/dev/full", arguments);

        assertThat(program.awaitExit()).isEqualTo(1);
        assertThat(program.output().lines())
                .singleElement()
                .asString()
                .startsWith("pointsman")
                .contains("standard output cannot be written", "(expected: ");
    }

    @Test
    void a_reader_that_closes_its_pipe_is_none() {
        // The braces' exit code is all that is printed; the pipe has no reader when it is written to.
        Program program = shell("{ \"$@\"; echo \"ended with $?\" >&2; } | true", "check --schema");

        assertThat(program.awaitExit()).isZero();
        assertThat(program.output()).isEqualTo("ended with 0\n");
    }

    private Program shell(String line, String arguments) {
        String[] words = arguments.split(" ", -1);
        List<String> command = new ArrayList<>(List.of("sh", "-c", line, "sh"));
        command.addAll(
                Jar.command(words[0], List.of(words).subList(1, words.length).toArray(String[]::new)));
        return cluster.start("printing", Map.of(), command);
    }
}

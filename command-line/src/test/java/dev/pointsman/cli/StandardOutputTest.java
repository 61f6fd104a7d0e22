package dev.pointsman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StandardOutputTest {
    private final List<String> said = new ArrayList<>();

    @Test
    void what_is_printed_is_passed_on_in_utf_8_and_the_exit_code_is_the_command_s() {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        StandardOutput output = new StandardOutput(file, () -> false, said::add);

        print(output.writer(), "└ ready");

        assertThat(file.toString(StandardCharsets.UTF_8)).isEqualTo("└ ready\n");
        assertThat(said).isEmpty();
        assertThat(output.exitCode(0)).isZero();
        assertThat(output.exitCode(2)).isEqualTo(2);
    }

    @Test
    void a_full_disk_is_said_once_by_whichever_writer_finds_it_and_the_command_has_failed() {
        StandardOutput output = new StandardOutput(full(), () -> false, said::add);
        PrintWriter writer = output.writer();

        print(writer, "one");
        print(writer, "two");
        print(output.writer(), "three");

        assertThat(said).hasSize(1).first().asString().contains("standard output", "No space left", "expected");
        assertThat(output.exitCode(0)).isEqualTo(1);
        assertThat(writer.checkError()).isTrue();
    }

    @Test
    void a_command_that_has_failed_anyway_keeps_its_exit_code() {
        StandardOutput output = new StandardOutput(full(), () -> false, said::add);

        print(output.writer(), "one");

        assertThat(output.exitCode(2)).isEqualTo(2);
    }

    @Test
    void a_reader_that_has_seen_enough_is_no_failure() {
        StandardOutput output = new StandardOutput(full(), () -> true, said::add);
        PrintWriter writer = output.writer();

        print(writer, "one");

        assertThat(said).isEmpty();
        assertThat(output.exitCode(0)).isZero();
        assertThat(writer.checkError()).isTrue();
    }

    private static void print(PrintWriter writer, String line) {
        writer.print(line + "\n");
        writer.flush();
    }

    private static OutputStream full() {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("No space left on device");
            }
        };
    }
}

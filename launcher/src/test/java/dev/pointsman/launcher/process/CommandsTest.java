package dev.pointsman.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandsTest {
    private final Path folder;

    CommandsTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void a_program_is_looked_for_on_the_path() throws IOException {
        program("app");
        assertThat(Commands.fault(List.of("app"), null, "/nowhere:" + folder)).isEmpty();
        assertThat(Commands.fault(List.of("app"), null, "/nowhere")).contains("there is no app on the PATH");
    }

    @Test
    void one_with_a_slash_is_looked_for_where_it_is_to_run() throws IOException {
        program("app");
        assertThat(Commands.fault(List.of("./app"), folder, null)).isEmpty();
        assertThat(Commands.fault(List.of("./other"), folder, null)).contains("./other does not exist");
    }

    @Test
    void one_that_may_not_be_executed_is_said_so() throws IOException {
        Path file = Files.writeString(folder.resolve("text"), "");
        assertThat(Commands.fault(List.of(file.toString()), null, null)).contains(file + " cannot be executed");
    }

    @Test
    void so_is_a_folder_to_run_in_that_is_not_there() {
        Path nowhere = folder.resolve("nowhere");
        assertThat(Commands.fault(List.of("sh"), nowhere, "/bin")).contains(nowhere + " is no directory to run in");
    }

    @Test
    void the_port_is_put_in_wherever_it_is_asked_for() {
        assertThat(Commands.withPort(List.of("app", "--listen=:{port}", "{port}", "{other}"), 8123))
                .containsExactly("app", "--listen=:8123", "8123", "{other}");
    }

    private void program(String name) throws IOException {
        Path file = Files.writeString(folder.resolve(name), "#!/bin/sh\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }
}

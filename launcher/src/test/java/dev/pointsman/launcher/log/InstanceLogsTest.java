package dev.pointsman.launcher.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstanceLogsTest {
    private static final InstantSource NOON = InstantSource.fixed(Instant.parse("2026-01-01T12:00:00.123Z"));

    private final StringWriter terminal = new StringWriter();

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path folder;

    @Test
    void a_line_is_kept_and_shown_with_its_instance() throws IOException {
        try (InstanceLogs logs = new InstanceLogs(LogSettings.in(folder), new PrintWriter(terminal), NOON)) {
            logs.line("api", "api-8000", "hello");
        }

        assertThat(terminal).hasToString("api-8000 | hello\n");
        assertThat(Files.readString(folder.resolve("api.log")))
                .isEqualTo("2026-01-01T12:00:00.123000Z api-8000 hello\n");
    }

    @Test
    void ids_stand_in_a_column() {
        LinePrinter printer = new LinePrinter(new PrintWriter(terminal), true);

        printer.print(List.of(LogTesting.line(0, "api-1", "a"), LogTesting.line(1, "webapp-10", "b")));

        assertThat(terminal).hasToString("2026-01-01T00:00:00Z api-1     | a\n2026-01-01T00:00:01Z webapp-10 | b\n");
    }

    @Test
    void a_folder_that_cannot_be_used_does_not_keep_lines_from_the_terminal() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        try (InstanceLogs logs =
                new InstanceLogs(LogSettings.in(file.resolve("below")), new PrintWriter(terminal), NOON)) {
            logs.line("api", "api-8000", "hello");
        }

        assertThat(terminal).hasToString("api-8000 | hello\n");
    }

    @Test
    void it_is_kept_where_programs_leave_things_behind() {
        assertThat(LogSettings.defaultFolder(Map.of("XDG_STATE_HOME", "/s", "HOME", "/h")))
                .isEqualTo(Path.of("/s/pointsman/logs"));
        assertThat(LogSettings.defaultFolder(Map.of("HOME", "/h")))
                .isEqualTo(Path.of("/h/.local/state/pointsman/logs"));
    }
}

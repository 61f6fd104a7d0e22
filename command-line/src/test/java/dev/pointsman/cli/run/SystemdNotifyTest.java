package dev.pointsman.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemdNotifyTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path folder;

    @Test
    void systemd_is_told_where_it_waits_for_that() throws IOException {
        SystemdNotify readiness = new SystemdNotify(Map.of("NOTIFY_SOCKET", "/run/systemd/notify"), notifier());

        readiness.ready("2 instances are up");

        assertThat(readiness.wanted()).isTrue();
        String pid = Long.toString(ProcessHandle.current().pid());
        await().untilAsserted(() -> assertThat(folder.resolve("told"))
                .hasContent("--pid=" + pid + "|--ready|--status=2 instances are up|\n"));
    }

    @Test
    void nothing_is_told_where_nothing_waits() throws IOException {
        SystemdNotify readiness = new SystemdNotify(Map.of("NOTIFY_SOCKET", ""), "/there/is/no/such/program");

        readiness.stopping();

        assertThat(readiness.wanted()).isFalse();
    }

    /** Writes down what it is given, as systemd-notify would send it. */
    private String notifier() throws IOException {
        Path program = Files.writeString(
                folder.resolve("notify"),
                "#!/bin/sh\n{ printf '%s|' \"$@\"; echo; } > " + folder.resolve("draft") + "\nmv "
                        + folder.resolve("draft") + " " + folder.resolve("told") + "\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        return program.toString();
    }
}

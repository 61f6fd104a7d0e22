package dev.pointsman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.launcher.api.InstanceStatus;
import dev.pointsman.launcher.api.LastReplacement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class InstanceTableTest {
    @Test
    void times_have_their_two_largest_units() {
        assertThat(InstanceTable.time(Duration.ZERO)).isEqualTo("0s");
        assertThat(InstanceTable.time(Duration.ofMillis(59_999))).isEqualTo("59s");
        assertThat(InstanceTable.time(Duration.ofSeconds(60))).isEqualTo("1m0s");
        assertThat(InstanceTable.time(Duration.ofMinutes(125))).isEqualTo("2h5m");
        assertThat(InstanceTable.time(Duration.ofHours(99))).isEqualTo("4d3h");
    }

    @Test
    void an_instance_that_took_another_one_s_place_says_why_and_when() {
        InstanceStatus running = ScriptedLauncher.running("api", 1);
        InstanceStatus replaced = new InstanceStatus(
                "api",
                0,
                "api-2",
                7,
                2,
                InstanceStatus.InstanceState.RUNNING,
                "passing",
                1,
                "",
                Duration.ZERO,
                0,
                0,
                new LastReplacement("it uses 300 MiB, more than 256 MiB", Instant.EPOCH));

        List<String> lines = InstanceTable.lines(List.of(running, replaced), Instant.EPOCH.plusSeconds(125), 0);

        assertThat(lines.get(0)).endsWith("  WHY");
        assertThat(lines.get(2)).endsWith("  replaced 2m5s ago: it uses 300 MiB, more than 256 MiB");
        assertThat(InstanceTable.lines(List.of(running), Instant.EPOCH, 0).get(0))
                .doesNotContain("WHY");
    }

    @Test
    void sizes_are_written_as_flags_are() {
        assertThat(InstanceTable.size(0)).isEqualTo("0k");
        assertThat(InstanceTable.size((1 << 20) - 1)).isEqualTo("1023k");
        assertThat(InstanceTable.size(45L << 20)).isEqualTo("45m");
        assertThat(InstanceTable.size(3L << 29)).isEqualTo("1.5g");
    }
}

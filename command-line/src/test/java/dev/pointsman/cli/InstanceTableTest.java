package dev.pointsman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
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
    void sizes_are_written_as_flags_are() {
        assertThat(InstanceTable.size(0)).isEqualTo("0k");
        assertThat(InstanceTable.size((1 << 20) - 1)).isEqualTo("1023k");
        assertThat(InstanceTable.size(45L << 20)).isEqualTo("45m");
        assertThat(InstanceTable.size(3L << 29)).isEqualTo("1.5g");
    }
}

package dev.pointsman.balancer.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatusRangesTest {
    @Test
    void statuses_and_ranges_of_them_are_in() {
        StatusRanges ranges = Objects.requireNonNull(StatusRanges.parse("200-299, 304"));

        assertThat(ranges.contains(200)).isTrue();
        assertThat(ranges.contains(299)).isTrue();
        assertThat(ranges.contains(304)).isTrue();
        assertThat(ranges.contains(300)).isFalse();
        assertThat(ranges.contains(199)).isFalse();
        assertThat(ranges).hasToString("200-299,304");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "200,", "2xx", "299-200", "100", "600", "200-", "200-299-300", "-200"})
    void anything_else_is_none(String text) {
        assertThat(StatusRanges.parse(text)).isNull();
    }
}

package dev.pointsman.launcher.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScaleTest {
    @ParameterizedTest
    @CsvSource({"3,3", "0,0", "+1,5", "-1,3", "-9,0", "+0,4"})
    void a_number_is_taken_as_it_is_and_one_with_a_sign_is_added(String change, int expected) {
        assertThat(Scale.parse(change).orElseThrow().from(4)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "+", "two", "1.5", " 1", "1000", "+-1"})
    void anything_else_is_no_change(String change) {
        assertThat(Scale.parse(change)).isEmpty();
    }

    @Test
    void there_are_never_fewer_than_none() {
        assertThat(Scale.parse("-1").orElseThrow().from(0)).isZero();
    }
}

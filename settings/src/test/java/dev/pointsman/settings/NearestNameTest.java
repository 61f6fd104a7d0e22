package dev.pointsman.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestNameTest {
    @ParameterizedTest
    @CsvSource({"prot, port", "tlss, tls", "kee, key", "http3x, http3", "of, off", "V1, v1"})
    void a_slip_of_the_pen_is_a_hint(String given, String meant) {
        assertThat(NearestName.hint(given, List.of("port", "tls", "key", "http3", "off", "v1", "v2")))
                .isEqualTo(". Did you mean " + meant + "?");
    }

    @ParameterizedTest
    @CsvSource({"v3, v1, v2", "1.4, 1.2, 1.3", "V9, v1, v2"})
    void of_several_numbers_none_is_guessed(String given, String one, String other) {
        assertThat(NearestName.hint(given, List.of("off", one, other))).isEmpty();
    }

    @Test
    void a_number_that_is_the_only_one_of_its_kind_is_a_hint() {
        assertThat(NearestName.hint("rfc7240", List.of("both", "rfc7239"))).isEqualTo(". Did you mean rfc7239?");
    }

    @Test
    void what_is_far_from_all_names_has_no_hint() {
        assertThat(NearestName.hint("something-else", List.of("port", "host"))).isEmpty();
    }
}

package dev.pointsman.balancer.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StructuredTextTest {
    private static String text(String value, int most) {
        return new StructuredText().text(value, most).toString();
    }

    @Test
    void no_text_can_end_its_field_or_its_value() {
        assertThat(text("a\r\nSet-Cookie: b", 99)).isEqualTo("%\"a%0d%0aSet-Cookie: b\"");
        assertThat(text("say \"a\\b\"", 99)).isEqualTo("\"say \\\"a\\\\b\\\"\"");
        assertThat(text("100 %\t\"", 99)).isEqualTo("%\"100 %25%09%22\"");
        assertThat(text("\u0000\u007f\u00e9", 99)).isEqualTo("%\"%00%7f%c3%a9\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"abcdefghijklmnop", "\"\"\"\"\"\"\"\"\"\"", "\u00e9\u00e9\u00e9\u00e9\u00e9", "\r\n\r\n\r\n"})
    void what_is_too_long_is_cut_between_characters(String value) {
        String written = text(value, 10);

        assertThat(written).endsWith("...\"").hasSizeLessThanOrEqualTo(10 + "%\"\"".length());
        assertThat(written.replace("\\\"", "").replace("%\"", "").replaceAll("%[0-9a-f]{2}", ""))
                .matches("\"?[a-p]*\\.\\.\\.\"");
    }

    @Test
    void what_just_fits_is_not_cut() {
        assertThat(text("0123456789", 10)).isEqualTo("\"0123456789\"");
    }

    @ParameterizedTest
    @CsvSource({"0, 0.0", "1499, 0.001", "1500000, 1.5", "12340000, 12.34", "-5, 0.0", "1000000, 1.0"})
    void times_are_milliseconds_to_the_microsecond(long nanos, String written) {
        assertThat(new StructuredText().millis(nanos)).hasToString(written);
    }
}

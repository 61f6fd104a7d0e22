package dev.pointsman.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FieldNamesTest {
    static Stream<String> common() {
        return FieldNames.COMMON.stream()
                .flatMap(name -> Stream.of(name, name.toLowerCase(Locale.ROOT)))
                .distinct();
    }

    private static AsciiString read(String name) {
        byte[] line = ("xx" + name + ": value").getBytes(StandardCharsets.US_ASCII);
        return FieldNames.of(line, 2, name.length());
    }

    @ParameterizedTest
    @MethodSource("common")
    void a_common_name_is_always_the_same_object(String name) {
        AsciiString first = read(name);

        assertThat((Object) first).isSameAs(read(name)).hasToString(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"X", "HOST", "hOst", "Content-Xength", "Content-Lengti", "Cookie2", "Connectioo", "etaG"})
    void any_other_name_is_read_as_it_is_written(String name) {
        assertThat((Object) read(name)).hasToString(name);
    }

    @Test
    void a_name_that_is_made_does_not_share_the_bytes_it_was_read_from() {
        byte[] line = "X-Mine: 1".getBytes(StandardCharsets.US_ASCII);

        AsciiString name = FieldNames.of(line, 0, 6);
        line[0] = 'Y';

        assertThat(List.of(name.toString())).containsExactly("X-Mine");
    }
}

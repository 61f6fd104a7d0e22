package dev.pointsman.registry.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QueryParamsTest {
    @ParameterizedTest
    @ValueSource(strings = {"stale", "stale=", "stale=1", "a=b&stale"})
    void a_parameter_counts_by_being_there(String query) {
        assertThat(QueryParams.parse(query).consistency()).isEqualTo("stale");
    }

    @Test
    void escapes_are_decoded_and_a_plus_is_a_space() {
        QueryParams query = QueryParams.parse("note=ok+now%2B%C3%A4&tag=a%26b&tag=c&odd=50%&x");

        assertThat(query.get("note")).isEqualTo("ok now+ä");
        assertThat(query.all("tag")).containsExactly("a&b", "c");
        assertThat(query.get("odd")).isEqualTo("50%");
        assertThat(query.has("x")).isTrue();
        assertThat(QueryParams.decode("a+b%2Fc", false)).isEqualTo("a+b/c");
    }

    @Test
    void the_index_is_unsigned() {
        assertThat(Long.toUnsignedString(
                        QueryParams.parse("index=18446744073709551615").index()))
                .isEqualTo("18446744073709551615");
        assertThat(QueryParams.parse("index=").index()).isZero();
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> QueryParams.parse("index=-1").index())
                .withMessage("Invalid index");
    }

    @ParameterizedTest
    @CsvSource({"passing,true", "passing=,true", "passing=1,true", "passing=false,false", "passing=0,false", "x,false"})
    void passing_is_there_and_not_false(String query, boolean expected) {
        assertThat(QueryParams.parse(query).passing()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"10s,PT10S", "1m30s,PT1M30S", "1.5h,PT1H30M", "250ms,PT0.25S", "-1s,PT-1S", "0,PT0S", "10us,PT0.00001S"
    })
    void durations_are_read_as_go_writes_them(String text, Duration expected) {
        assertThat(GoDuration.parse(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "abc,time: invalid duration \"abc\"",
        "'',time: invalid duration \"\"",
        "5,time: missing unit in duration \"5\"",
        "5q,time: unknown unit \"q\" in duration \"5q\"",
        "1.2.3s,time: missing unit in duration \"1.2.3s\"",
        ".s,time: invalid duration \".s\"",
        "9999999999999h,time: invalid duration \"9999999999999h\"",
    })
    void other_durations_are_refused_in_gos_words(String text, String why) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GoDuration.parse(text))
                .withMessage(why);
    }

    @Test
    void field_names_are_read_in_any_case_and_in_snake_case_and_null_is_absent() {
        LenientJson fields = LenientJson.of(Buffer.buffer(
                "{\"NAME\":\"a\",\"enable_tag_override\":true,\"Port\":null,\"Unknown\":{\"x\":1},\"ttl\":\"5s\"}"));

        assertThat(fields.string("Name")).isEqualTo("a");
        assertThat(fields.bool("EnableTagOverride")).isTrue();
        assertThat(fields.integer("Port", 7)).isEqualTo(7);
        assertThat(fields.duration("TTL")).isEqualTo(Duration.ofSeconds(5));
        assertThat(fields.list("Checks")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "''            | EOF",
                "'{\"Name\":'  | unexpected EOF",
                "xx            | invalid JSON at line 1, column 1",
                "[]            | expected an object, but there is an array",
                "'{\"Name\":5}'| Name: expected a string, but there is a number",
                "'{\"Name\":\"a\",\"Port\":\"1\"}' | Port: expected a whole number, but there is a string",
            })
    void what_is_no_registration_is_refused_with_the_reason(String body, String why) {
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> DefinitionReader.serviceDefinition(LenientJson.of(Buffer.buffer(body))))
                .withMessage("Request decode failed: " + why)
                .satisfies(e -> assertThat(e.status()).isEqualTo(400));
    }
}

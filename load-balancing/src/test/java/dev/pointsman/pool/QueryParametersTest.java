package dev.pointsman.pool;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueryParametersTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            nullValues = "none",
            value = {
                "/x, none",
                "/x?, none",
                "/x?a=1, 1",
                "/x?b=2&a=1&a=3, 1",
                "/x?b=2;a=1, 1",
                "/x?a, ''",
                "/x?a=, ''",
                "/x?a=b=c, b=c",
                "/x?%61=%31+2, 1 2",
                "/x?aa=1&ba=2, none",
                "/x?a=%zz, none",
                "/x?a=%+1, none",
                "/x?a=1%4, none",
                "/x?a=%E2%82%AC, \u20ac",
                "/x?%zz=1&b=%&a=1, 1",
                "/a=1?b=1, none",
                "/x?b=1#&a=1, none"
            })
    void the_first_parameter_of_a_name_is_found(String target, String expected) {
        assertThat(QueryParameters.first(target, "a")).isEqualTo(expected);
    }

    @Test
    void thousands_of_others_before_it_do_not_hide_it() {
        assertThat(QueryParameters.first("/x?" + "b=1&".repeat(5_000) + "a=1", "a"))
                .isEqualTo("1");
    }
}

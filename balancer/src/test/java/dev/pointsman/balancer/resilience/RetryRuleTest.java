package dev.pointsman.balancer.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryRuleTest {
    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST", "PATCH", "BREW"})
    void whatever_was_not_sent_goes_on_to_another_upstream_twice(String method) {
        for (FailureKind kind : new FailureKind[] {FailureKind.CONNECT_FAILED, FailureKind.CONNECT_TIMEOUT}) {
            for (boolean hasBody : new boolean[] {true, false}) {
                assertThat(RetryRule.allows(kind, method, hasBody, 1)).isTrue();
                assertThat(RetryRule.allows(kind, method, hasBody, 2)).isTrue();
                assertThat(RetryRule.allows(kind, method, hasBody, 3)).isFalse();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"})
    void a_request_that_was_sent_is_repeated_once_if_it_is_idempotent_and_has_no_body(String method) {
        assertThat(RetryRule.allows(FailureKind.BROKEN_ANSWER, method, false, 1))
                .isTrue();
        assertThat(RetryRule.allows(FailureKind.BROKEN_ANSWER, method, false, 2))
                .isFalse();
        assertThat(RetryRule.allows(FailureKind.BROKEN_ANSWER, method, true, 1)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PATCH", "CONNECT", "BREW", "get"})
    void a_request_that_was_sent_is_not_repeated_if_doing_it_twice_may_matter(String method) {
        assertThat(RetryRule.allows(FailureKind.BROKEN_ANSWER, method, false, 1))
                .isFalse();
    }

    @ParameterizedTest
    @EnumSource(names = {"NO_ROUTE", "NO_INSTANCE", "RESPONSE_TIMEOUT", "CLIENT_GONE"})
    void what_another_attempt_cannot_help_gets_none(FailureKind kind) {
        assertThat(RetryRule.allows(kind, "GET", false, 1)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "NO_ROUTE,         404, true",
        "NO_INSTANCE,      503, true",
        "CONNECT_FAILED,   502, true",
        "CONNECT_TIMEOUT,  504, true",
        "BROKEN_ANSWER,    502, false",
        "RESPONSE_TIMEOUT, 504, false",
        "CLIENT_GONE,      499, false",
    })
    void each_failure_has_its_status_and_says_whether_anything_may_have_reached_an_upstream(
            FailureKind kind, int status, boolean nothingSent) {
        assertThat(kind.status()).isEqualTo(status);
        assertThat(kind.nothingSent()).isEqualTo(nothingSent);
        assertThat(kind.sentence()).isNotBlank();
    }

    @Test
    void the_table_above_is_complete() {
        assertThat(FailureKind.values()).hasSize(7);
    }
}

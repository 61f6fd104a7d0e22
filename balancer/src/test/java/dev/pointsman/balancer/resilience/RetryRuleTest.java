package dev.pointsman.balancer.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.pool.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryRuleTest {
    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST", "PATCH", "BREW"})
    void whatever_was_not_sent_goes_on_to_another_upstream(String method) {
        for (boolean repeatable : new boolean[] {true, false}) {
            assertThat(RetryRule.allows(FailureKind.CONNECT_FAILED, method, repeatable, 9))
                    .isTrue();
            assertThat(RetryRule.allows(FailureKind.CONNECT_FAILED, method, repeatable, 10))
                    .isFalse();
            assertThat(RetryRule.costs(FailureKind.CONNECT_FAILED)).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST", "PATCH", "BREW"})
    void connections_that_take_too_long_are_tried_twice_more(String method) {
        for (boolean repeatable : new boolean[] {true, false}) {
            assertThat(RetryRule.allows(FailureKind.CONNECT_TIMEOUT, method, repeatable, 2))
                    .isTrue();
            assertThat(RetryRule.allows(FailureKind.CONNECT_TIMEOUT, method, repeatable, 3))
                    .isFalse();
            assertThat(RetryRule.costs(FailureKind.CONNECT_TIMEOUT)).isFalse();
        }
    }

    @Test
    void a_request_that_waits_moves_on_if_it_is_idempotent_and_all_of_it_is_still_there() {
        assertThat(RetryRule.mayRetryOnTimeout("GET", true, 2)).isTrue();
        assertThat(RetryRule.mayRetryOnTimeout("GET", true, 3)).isFalse();
        assertThat(RetryRule.mayRetryOnTimeout("GET", false, 1)).isFalse();
        assertThat(RetryRule.mayRetryOnTimeout("POST", true, 1)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"})
    void a_request_that_was_sent_is_repeated_if_it_is_idempotent_and_all_of_it_is_still_there(String method) {
        assertThat(RetryRule.allows(FailureKind.BROKEN_RESPONSE, method, true, 1))
                .isTrue();
        assertThat(RetryRule.allows(FailureKind.BROKEN_RESPONSE, method, true, 2))
                .isTrue();
        assertThat(RetryRule.allows(FailureKind.BROKEN_RESPONSE, method, true, 3))
                .isFalse();
        assertThat(RetryRule.allows(FailureKind.BROKEN_RESPONSE, method, false, 1))
                .isFalse();
        assertThat(RetryRule.costs(FailureKind.BROKEN_RESPONSE)).isTrue();
    }

    @Test
    void a_stale_connection_costs_nothing_and_says_nothing_of_its_upstream() {
        assertThat(RetryRule.allows(FailureKind.STALE_CONNECTION, "GET", true, 0))
                .isTrue();
        assertThat(RetryRule.allows(FailureKind.STALE_CONNECTION, "POST", true, 0))
                .isFalse();
        assertThat(RetryRule.allows(FailureKind.STALE_BEFORE_SENT, "POST", true, 0))
                .isTrue();
        assertThat(FailureKind.values())
                .filteredOn(FailureKind::isOfReuse)
                .hasSize(2)
                .allSatisfy(kind -> {
                    assertThat(RetryRule.costs(kind)).isFalse();
                    assertThat(kind.blame()).isEqualTo(Outcome.UNDECIDED);
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PATCH", "CONNECT", "BREW", "get"})
    void a_request_that_was_sent_is_not_repeated_if_doing_it_twice_may_matter(String method) {
        assertThat(RetryRule.allows(FailureKind.BROKEN_RESPONSE, method, true, 1))
                .isFalse();
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "NO_LOCAL_PORT",
                "CONNECT_FAILED",
                "CONNECT_TIMEOUT",
                "BROKEN_RESPONSE",
                "STALE_CONNECTION",
                "STALE_BEFORE_SENT"
            },
            mode = EnumSource.Mode.EXCLUDE)
    void what_another_attempt_cannot_help_gets_none(FailureKind kind) {
        assertThat(RetryRule.allows(kind, "GET", true, 1)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "BAD_REQUEST,      400",
        "TARGET_TOO_LONG,  414",
        "HEAD_TOO_LARGE,   431",
        "HEAD_TIMEOUT,     408",
        "UNAUTHORIZED,     401",
        "FORBIDDEN,        403",
        "TOO_MANY_REQUESTS, 429",
        "AUTH_OVERLOAD,    503",
        "BAD_BODY,         400",
        "BODY_TOO_LARGE,   413",
        "TOO_MANY_CONNECTIONS, 503",
        "BAD_HOST,         400",
        "BAD_TARGET,       400",
        "AMBIGUOUS_PATH,   400",
        "CONNECT_METHOD,   405",
        "UNKNOWN_CODING,   501",
        "UNKNOWN_VERSION,  505",
        "NO_ROUTE,         404",
        "NO_INSTANCE,      503",
        "QUEUE_FULL,       503",
        "QUEUE_TIMEOUT,    503",
        "OWN_SHORTAGE,     503",
        "NO_LOCAL_PORT,    503",
        "CONNECT_FAILED,   502",
        "CONNECT_TIMEOUT,  504",
        "BROKEN_RESPONSE,    502",
        "STALE_CONNECTION,   502",
        "STALE_BEFORE_SENT,  502",
        "BAD_RESPONSE,       502",
        "RESPONSE_TIMEOUT, 504",
        "CLIENT_GONE,      499",
    })
    void each_failure_has_its_status_and_a_sentence(FailureKind kind, int status) {
        assertThat(kind.status()).isEqualTo(status);
        assertThat(kind.sentence()).isNotBlank();
    }

    @ParameterizedTest
    @EnumSource(names = {"OWN_SHORTAGE", "NO_LOCAL_PORT"})
    void a_shortage_of_our_own_blames_no_upstream_and_costs_no_budget(FailureKind kind) {
        assertThat(kind.isOwnShortage()).isTrue();
        assertThat(kind.blame()).isEqualTo(Outcome.NOT_TRIED);
        assertThat(RetryRule.costs(kind)).isFalse();
        assertThat(RetryRule.allows(kind, "GET", true, 3)).isFalse();
    }

    @Test
    void the_table_above_is_complete() {
        assertThat(FailureKind.values()).hasSize(31);
    }
}

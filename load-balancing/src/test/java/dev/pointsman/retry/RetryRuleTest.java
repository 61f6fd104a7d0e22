package dev.pointsman.retry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.pool.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryRuleTest {
    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST", "PATCH", "BREW"})
    void whatever_was_not_sent_goes_on_to_another_upstream(String method) {
        for (boolean repeatable : new boolean[] {true, false}) {
            assertThat(RetryRule.allows(AttemptFailure.CONNECT_FAILED, method, repeatable, 9))
                    .isTrue();
            assertThat(RetryRule.allows(AttemptFailure.CONNECT_FAILED, method, repeatable, 10))
                    .isFalse();
            assertThat(RetryRule.costs(AttemptFailure.CONNECT_FAILED)).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST", "PATCH", "BREW"})
    void connections_that_take_too_long_are_tried_twice_more(String method) {
        for (boolean repeatable : new boolean[] {true, false}) {
            assertThat(RetryRule.allows(AttemptFailure.CONNECT_TIMEOUT, method, repeatable, 2))
                    .isTrue();
            assertThat(RetryRule.allows(AttemptFailure.CONNECT_TIMEOUT, method, repeatable, 3))
                    .isFalse();
            assertThat(RetryRule.costs(AttemptFailure.CONNECT_TIMEOUT)).isFalse();
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
        assertThat(RetryRule.allows(AttemptFailure.BROKEN_RESPONSE, method, true, 1))
                .isTrue();
        assertThat(RetryRule.allows(AttemptFailure.BROKEN_RESPONSE, method, true, 2))
                .isTrue();
        assertThat(RetryRule.allows(AttemptFailure.BROKEN_RESPONSE, method, true, 3))
                .isFalse();
        assertThat(RetryRule.allows(AttemptFailure.BROKEN_RESPONSE, method, false, 1))
                .isFalse();
        assertThat(RetryRule.costs(AttemptFailure.BROKEN_RESPONSE)).isTrue();
    }

    @Test
    void a_stale_connection_costs_nothing_and_says_nothing_of_its_upstream() {
        assertThat(RetryRule.allows(AttemptFailure.STALE_CONNECTION, "GET", true, 0))
                .isTrue();
        assertThat(RetryRule.allows(AttemptFailure.STALE_CONNECTION, "POST", true, 0))
                .isFalse();
        assertThat(RetryRule.allows(AttemptFailure.STALE_BEFORE_SENT, "POST", true, 0))
                .isTrue();
        assertThat(AttemptFailure.values())
                .filteredOn(AttemptFailure::isOfReuse)
                .hasSize(2)
                .allSatisfy(kind -> {
                    assertThat(RetryRule.costs(kind)).isFalse();
                    assertThat(kind.blame()).isEqualTo(Outcome.UNDECIDED);
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PATCH", "CONNECT", "BREW", "get"})
    void a_request_that_was_sent_is_not_repeated_if_doing_it_twice_may_matter(String method) {
        assertThat(RetryRule.allows(AttemptFailure.BROKEN_RESPONSE, method, true, 1))
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
                "STALE_BEFORE_SENT",
                "NOT_PROCESSED"
            },
            mode = EnumSource.Mode.EXCLUDE)
    void what_another_attempt_cannot_help_gets_none(AttemptFailure kind) {
        assertThat(RetryRule.allows(kind, "GET", true, 1)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST", "PATCH"})
    void what_was_not_processed_is_sent_again_whatever_its_method_if_it_was_kept(String method) {
        assertThat(RetryRule.allows(AttemptFailure.NOT_PROCESSED, method, true, 1))
                .isTrue();
        assertThat(RetryRule.allows(AttemptFailure.NOT_PROCESSED, method, false, 1))
                .isFalse();
        assertThat(RetryRule.whyNot(AttemptFailure.NOT_PROCESSED, method, false))
                .isEqualTo("body-not-kept");
        assertThat(RetryRule.costs(AttemptFailure.NOT_PROCESSED)).isFalse();
    }

    @ParameterizedTest
    @EnumSource(names = {"OWN_SHORTAGE", "NO_LOCAL_PORT"})
    void a_shortage_of_our_own_blames_no_upstream_and_costs_no_budget(AttemptFailure kind) {
        assertThat(kind.isOwnShortage()).isTrue();
        assertThat(kind.blame()).isEqualTo(Outcome.NOT_TRIED);
        assertThat(RetryRule.costs(kind)).isFalse();
        assertThat(RetryRule.allows(kind, "GET", true, 3)).isFalse();
    }
}

package dev.pointsman.registry.consul;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReadBudgetTest {
    private final ReadBudget budget = new ReadBudget(100, 150);

    @Test
    void a_response_is_too_long_beyond_the_limit_for_each() {
        assertThat(budget.isTooLong(100)).isFalse();
        assertThat(budget.isTooLong(101)).isTrue();
    }

    @Test
    void several_responses_share_the_limit_for_all_until_they_are_over() {
        assertThat(budget.take(100)).isTrue();
        assertThat(budget.take(51)).isFalse();
        assertThat(budget.take(50)).isTrue();
        assertThat(budget.take(1)).isFalse();
        budget.putBack(100);
        assertThat(budget.take(100)).isTrue();
    }

    @Test
    void the_limits_follow_the_heap() {
        ReadBudget ofHeap = ReadBudget.ofHeap();
        assertThat(ofHeap.isTooLong(Runtime.getRuntime().maxMemory() / 16 + 1)).isTrue();
        assertThat(ofHeap.isTooLong(64L * 1024 * 1024 + 1)).isTrue();
    }
}

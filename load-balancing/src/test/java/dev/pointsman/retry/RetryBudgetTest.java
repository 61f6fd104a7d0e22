package dev.pointsman.retry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RetryBudgetTest {
    private final AtomicLong now = new AtomicLong();
    private final RetryBudget budget = new RetryBudget(now::get);

    private int retriesAllowed() {
        int allowed = 0;
        while (budget.hasRetry()) {
            budget.retry();
            allowed++;
        }
        return allowed;
    }

    private void requests(int count) {
        for (int i = 0; i < count; i++) {
            budget.request();
        }
    }

    @Test
    void there_is_something_for_the_first_request_already() {
        assertThat(retriesAllowed()).isEqualTo(RetryBudget.LEAST);
    }

    @Test
    void a_fifth_of_the_requests_may_be_repeated() {
        requests(10_000);

        assertThat(retriesAllowed()).isEqualTo(2_000);
    }

    @Test
    void what_was_asked_for_and_repeated_ten_seconds_ago_counts_no_more() {
        requests(10_000);
        retriesAllowed();

        now.addAndGet(Duration.ofSeconds(10).toNanos());

        assertThat(retriesAllowed()).isEqualTo(RetryBudget.LEAST);
    }

    @Test
    void a_steady_stream_keeps_its_fifth() {
        for (int second = 0; second < 60; second++) {
            requests(1_000);
            now.addAndGet(Duration.ofSeconds(1).toNanos());
        }

        assertThat(retriesAllowed()).isBetween(1_800, 2_000);
    }

    @Test
    void a_long_silence_is_no_trouble() {
        requests(10_000);
        now.addAndGet(Duration.ofDays(400).toNanos());

        assertThat(retriesAllowed()).isEqualTo(RetryBudget.LEAST);
        now.addAndGet(Duration.ofSeconds(10).toNanos());
        assertThat(retriesAllowed()).isEqualTo(RetryBudget.LEAST);
    }
}

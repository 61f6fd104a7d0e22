package dev.pointsman.retry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryBudgetTest {
    private final AtomicLong now = new AtomicLong();
    private final RetryBudget budget = RetryBudget.ofRetries(now::get);
    private final RetryBudget hedges = RetryBudget.ofHedges(now::get);

    private int retriesAllowed() {
        int allowed = 0;
        while (budget.hasRetry()) {
            budget.retry();
            allowed++;
        }
        return allowed;
    }

    private static int allowed(RetryBudget by) {
        int allowed = 0;
        while (by.tryRetry()) {
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
        assertThat(retriesAllowed()).isEqualTo(100);
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

        assertThat(retriesAllowed()).isEqualTo(100);
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

        assertThat(retriesAllowed()).isEqualTo(100);
        now.addAndGet(Duration.ofSeconds(10).toNanos());
        assertThat(retriesAllowed()).isEqualTo(100);
    }

    @Test
    void a_tenth_of_the_requests_may_be_hedged_and_ten_in_any_case() {
        assertThat(allowed(hedges)).isEqualTo(10);
        for (int i = 0; i < 10_000; i++) {
            hedges.request();
        }

        assertThat(allowed(hedges)).isEqualTo(990);
        now.addAndGet(Duration.ofSeconds(10).toNanos());
        assertThat(allowed(hedges)).isEqualTo(10);
    }

    @Test
    void to_ask_and_to_count_is_the_same_in_one_as_in_two() {
        requests(10_000);

        assertThat(allowed(budget)).isEqualTo(2_000);
        assertThat(budget.hasRetry()).isFalse();
    }

    /** All requests are counted, and not one second attempt is allowed too many, whatever comes at a time. */
    @ParameterizedTest
    @ValueSource(ints = {2, 4, 16})
    void many_threads_count_exactly(int threads) throws Exception {
        int each = 80_000 / threads;
        CyclicBarrier step = new CyclicBarrier(threads);
        Callable<Integer> caller = () -> {
            step.await();
            for (int i = 0; i < each; i++) {
                hedges.request();
            }
            step.await();
            return allowed(hedges);
        };

        assertThat(inThreads(threads, caller)).isEqualTo(8_000);

        // Half of the seconds are over, and with them what was counted in them.
        now.addAndGet(Duration.ofSeconds(5).toNanos());
        assertThat(inThreads(threads, caller)).isEqualTo(8_000);
        now.addAndGet(Duration.ofSeconds(5).toNanos());
        assertThat(allowed(hedges)).isZero();
        now.addAndGet(Duration.ofSeconds(5).toNanos());
        assertThat(allowed(hedges)).isEqualTo(10);
    }

    private static int inThreads(int threads, Callable<Integer> caller) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            int sum = 0;
            for (Future<Integer> done : executor.invokeAll(Collections.nCopies(threads, caller))) {
                sum += done.get();
            }
            return sum;
        } finally {
            executor.shutdownNow();
        }
    }
}

package dev.pointsman.balancer.filter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.route.RateLimitRule;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateLimiterTest {
    private final AtomicLong time = new AtomicLong(Long.MAX_VALUE - 1_000_000);

    private RateLimiter limiter(String rate, int burst) {
        RateLimitRule.Rate read = Objects.requireNonNull(RateLimitRule.Rate.parse(rate));
        return new RateLimiter(new RateLimitRule(read, burst, RateLimitRule.CountedBy.CLIENT), time::get);
    }

    private static long key(long number) {
        return number * 0x9e3779b97f4a7c15L;
    }

    @Test
    void over_a_long_time_the_rate_holds_and_the_burst_comes_on_top_once() {
        RateLimiter limiter = limiter("100/s", 20);
        int admitted = 0;
        for (int millis = 0; millis < 10_000; millis++) {
            admitted += limiter.tryAcquire(key(1)) == 0 ? 1 : 0;
            time.addAndGet(TimeUnit.MILLISECONDS.toNanos(1));
        }

        assertThat(admitted).isBetween(1000, 1020);
    }

    @Test
    void a_refusal_says_after_which_time_one_more_is_admitted() {
        RateLimiter limiter = limiter("2/m", 1);
        assertThat(limiter.tryAcquire(key(1))).isZero();

        long wait = limiter.tryAcquire(key(1));

        time.addAndGet(wait - 1);
        assertThat(limiter.tryAcquire(key(1))).isPositive();
        time.addAndGet(1);
        assertThat(limiter.tryAcquire(key(1))).isZero();
        assertThat(wait).isEqualTo(TimeUnit.SECONDS.toNanos(30));
    }

    @Test
    void a_flood_of_keys_takes_others_for_none_of_its_own() {
        RateLimiter limiter = limiter("1/h", 1);
        for (int i = 1; i <= 500_000; i++) {
            assertThat(limiter.tryAcquire(key(i))).isZero();
        }

        assertThat(limiter.tryAcquire(key(500_000))).isPositive();
    }

    @Test
    void threads_that_race_for_one_key_share_its_limit() throws InterruptedException {
        RateLimiter limiter = limiter("1/h", 1000);
        AtomicInteger admitted = new AtomicInteger();
        Thread[] threads = new Thread[4];
        for (int t = 0; t < threads.length; t++) {
            threads[t] = new Thread(() -> {
                for (int i = 0; i < 2000; i++) {
                    if (limiter.tryAcquire(key(5)) == 0) {
                        admitted.incrementAndGet();
                    }
                }
            });
            threads[t].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(admitted.get()).isLessThanOrEqualTo(1000).isGreaterThan(990);
    }
}

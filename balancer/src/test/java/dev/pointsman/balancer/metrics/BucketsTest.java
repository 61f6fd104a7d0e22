package dev.pointsman.balancer.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BucketsTest {
    private static final Buckets BUCKETS =
            new Buckets(List.of(Duration.ofMillis(1), Duration.ofMillis(10), Duration.ofSeconds(1)));

    @Test
    void a_bound_belongs_to_its_bucket_and_what_is_beyond_to_the_next() {
        assertThat(BUCKETS.of(0)).isZero();
        assertThat(BUCKETS.of(1_000_000)).isZero();
        assertThat(BUCKETS.of(1_000_001)).isEqualTo(1);
        assertThat(BUCKETS.of(1_000_000_000)).isEqualTo(2);
        assertThat(BUCKETS.of(1_000_000_001)).isEqualTo(3);
        assertThat(BUCKETS.of(Long.MAX_VALUE)).isEqualTo(3);
    }

    @Test
    void any_time_lies_between_the_bounds_of_its_exponential_bucket() {
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 100_000; i++) {
            long nanos = random.nextLong(1L << random.nextInt(1, 50)) + 1;
            int bucket = Buckets.exponentialOf(nanos);
            double seconds = nanos / 1e9;

            assertThat(seconds).isLessThanOrEqualTo(upperSeconds(bucket) * (1 + 1e-12));
            if (bucket > 0) {
                assertThat(seconds).isGreaterThan(upperSeconds(bucket - 1) * (1 - 1e-12));
                assertThat(Buckets.exponentialMiddleSeconds(bucket)).isCloseTo(seconds, withPercentage(4.5));
            }
        }
    }

    private static double upperSeconds(int bucket) {
        return Math.pow(2, Buckets.exponentialIndex(bucket) / 8.0);
    }

    @Test
    void the_shortest_and_the_longest_time_have_a_bucket() {
        assertThat(Buckets.exponentialOf(0)).isNotNegative();
        assertThat(Buckets.exponentialOf(Long.MAX_VALUE)).isEqualTo(Buckets.EXPONENTIAL - 1);
    }
}

package dev.pointsman.latency;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TimeBucketsTest {
    @Test
    void times_are_counted_to_a_thirty_second() {
        for (long nanos = 1_000; nanos < Duration.ofHours(1).toNanos(); nanos = nanos * 17 / 16 + 1_000) {
            int bucket = TimeBuckets.of(nanos);
            assertThat(TimeBuckets.shortestMicros(bucket)).isBetween(nanos / 1000 * 31 / 32, nanos / 1000);
            assertThat(TimeBuckets.firstFrom((double) TimeBuckets.shortestMicros(bucket)))
                    .isEqualTo(bucket);
        }
        assertThat(TimeBuckets.of(Long.MAX_VALUE)).isEqualTo(TimeBuckets.COUNT - 1);
        assertThat(TimeBuckets.of(-1)).isZero();
    }

    @Test
    void a_bucket_ends_where_the_next_one_begins() {
        for (int bucket = 0; bucket < TimeBuckets.COUNT - 1; bucket++) {
            long end = TimeBuckets.endNanos(bucket);
            assertThat(TimeBuckets.of(end - 1)).isEqualTo(bucket);
            assertThat(TimeBuckets.of(end)).isEqualTo(bucket + 1);
        }
    }

    @Test
    void the_percentile_is_the_first_bucket_that_enough_times_reach_or_stay_below() {
        long[] counts = new long[TimeBuckets.COUNT];
        assertThat(TimeBuckets.percentile(99, counts)).isZero();
        counts[10] = 95;
        counts[700] = 4;
        counts[800] = 1;

        assertThat(TimeBuckets.percentile(50, counts)).isEqualTo(10);
        assertThat(TimeBuckets.percentile(95, counts)).isEqualTo(10);
        assertThat(TimeBuckets.percentile(96, counts)).isEqualTo(700);
        assertThat(TimeBuckets.percentile(99, counts)).isEqualTo(700);
        assertThat(TimeBuckets.percentile(100, counts)).isEqualTo(800);
    }
}

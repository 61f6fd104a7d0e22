package dev.pointsman.balancer.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class DurationMeterTest {
    private final Buckets buckets = new Buckets(List.of(Duration.ofMillis(10), Duration.ofMillis(100)));
    private final DurationMeter meter = new DurationMeter(buckets);

    private DurationCounts counts() {
        DurationCounts counts = new DurationCounts(buckets);
        meter.addTo(counts);
        return counts;
    }

    @Test
    void each_time_is_counted_once_and_added_to_the_sum() {
        meter.record(5_000_000);
        meter.record(50_000_000);
        meter.record(60_000_000);
        meter.record(500_000_000);

        DurationCounts counts = counts();

        assertThat(counts.count()).isEqualTo(4);
        assertThat(counts.sumSeconds()).isEqualTo(0.615);
        assertThat(List.of(counts.inBucket(0), counts.inBucket(1), counts.inBucket(2)))
                .containsExactly(1L, 2L, 1L);
    }

    @Test
    void a_quantile_is_off_by_less_than_a_bucket_of_eight_to_a_doubling() {
        for (int i = 1; i <= 10_000; i++) {
            meter.record(i * 10_000L);
        }

        DurationCounts none = new DurationCounts(buckets);

        assertThat(counts().quantileSince(none, 0.5)).isCloseTo(0.050, withPercentage(9.1));
        assertThat(counts().quantileSince(none, 0.99)).isCloseTo(0.099, withPercentage(9.1));
        assertThat(none.quantileSince(none, 0.5)).isNaN();
    }

    @Test
    void a_quantile_of_what_came_since_leaves_out_what_was_before() {
        for (int i = 0; i < 1000; i++) {
            meter.record(1_000_000_000);
        }
        DurationCounts before = counts();
        meter.record(1_000_000);

        assertThat(counts().quantileSince(before, 0.99)).isCloseTo(0.001, withPercentage(9.1));
    }
}

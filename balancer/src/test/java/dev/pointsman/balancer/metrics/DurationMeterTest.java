package dev.pointsman.balancer.metrics;

import static org.assertj.core.api.Assertions.assertThat;

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
}

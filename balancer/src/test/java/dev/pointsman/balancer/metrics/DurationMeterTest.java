package dev.pointsman.balancer.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
    void both_kinds_of_buckets_have_the_same_count_whenever_they_are_read() throws Exception {
        AtomicBoolean read = new AtomicBoolean();
        Thread writer = new Thread(() -> {
            for (long nanos = 1; !read.get(); nanos = nanos % 200_000_000 + 99_991) {
                meter.record(nanos);
            }
        });
        writer.start();
        try {
            for (int i = 0; i < 20_000; i++) {
                DurationCounts counts = counts();
                assertThat(exponential(counts)).isEqualTo(counts.count());
            }
        } finally {
            read.set(true);
            writer.join();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 0, 1, 2, 9_999_999, 10_000_000, 10_000_001, 100_000_000, 100_000_001, Long.MAX_VALUE})
    void a_time_is_in_one_bucket_of_each_kind(long nanos) {
        meter.record(nanos);

        DurationCounts counts = counts();

        assertThat(counts.inBucket(buckets.of(nanos))).isEqualTo(1);
        assertThat(counts.inExponential(Buckets.exponentialOf(nanos))).isEqualTo(1);
        assertThat(counts.count()).isEqualTo(1);
        assertThat(exponential(counts)).isEqualTo(1);
    }

    @Test
    void an_exponential_bucket_that_a_bound_divides_is_read_once() {
        meter.record(9_999_999);
        meter.record(10_000_001);
        List<Long> read = new ArrayList<>();

        meter.forEachExponential((unusedBucket, count) -> read.add(count));

        assertThat(read).containsExactly(2L);
    }

    private static long exponential(DurationCounts counts) {
        return IntStream.range(0, counts.exponentialSize())
                .mapToLong(counts::inExponential)
                .sum();
    }
}

package dev.pointsman.latency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pointsman.testkit.ManualTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ResponseTimesTest {
    private final ManualTime time = new ManualTime();
    private final ResponseTimes times = new ResponseTimes(95, time::nanos);

    @Test
    void nothing_is_known_before_a_hundred_responses() {
        record(ResponseTimes.LEAST - 1, 5);
        assertThat(times.percentile()).isEmpty();

        record(1, 5);

        assertThat(asked()).isBetween(5.0, 5.2);
    }

    @Test
    void the_answer_is_what_so_many_percent_took_at_most() {
        for (int millis = 1; millis <= 1_000; millis++) {
            record(1, millis);
        }

        assertThat(asked()).isBetween(950.0, 950.0 * 33 / 32);
    }

    @Test
    void a_few_very_slow_ones_do_not_count_and_more_of_them_do() {
        record(960, 10);
        record(40, 30_000);
        assertThat(asked()).isBetween(10.0, 10.4);

        record(20, 30_000);

        assertThat(asked()).isBetween(30_000.0, 31_000.0);
    }

    @Test
    void times_are_forgotten_after_a_minute_at_most_and_not_before_half_of_it() {
        record(500, 10);
        time.pass(ResponseTimes.WINDOW.minusMillis(1));
        assertThat(asked()).isBetween(10.0, 10.4);
        record(500, 80);
        time.pass(ResponseTimes.WINDOW.minusMillis(200));
        assertThat(asked()).as("of both windows").isBetween(80.0, 82.5);

        time.pass(ResponseTimes.WINDOW.plusMillis(100));

        assertThat(times.percentile()).isEmpty();
    }

    @Test
    void a_service_that_becomes_quicker_is_measured_by_its_new_times() {
        record(1_000, 500);
        time.pass(ResponseTimes.WINDOW);
        record(1_000, 10);
        assertThat(asked()).as("half of them").isGreaterThan(499);

        time.pass(ResponseTimes.WINDOW);

        assertThat(asked()).isBetween(10.0, 10.4);
    }

    @Test
    void a_long_silence_is_no_trouble() {
        record(1_000, 500);
        time.pass(Duration.ofDays(400));
        assertThat(times.percentile()).isEmpty();

        record(1_000, 20);

        assertThat(asked()).isBetween(20.0, 20.7);
    }

    @Test
    void an_answer_is_good_for_a_tenth_of_a_second() {
        record(100, 10);
        assertThat(asked()).isBetween(10.0, 10.4);
        record(900, 40);

        time.pass(ResponseTimes.RECKONED_EVERY.minusNanos(1));
        assertThat(times.percentile().orElseThrow() / 1e6).isBetween(10.0, 10.4);
        time.pass(Duration.ofNanos(1));
        assertThat(times.percentile().orElseThrow() / 1e6).isBetween(40.0, 41.3);
    }

    @Test
    void no_time_is_lost_when_many_threads_record_and_ask() throws Exception {
        int threads = 3;
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            for (int round = 0; round < 100; round++) {
                ResponseTimes shared = new ResponseTimes(95, time::nanos);
                time.pass(ResponseTimes.WINDOW);
                CyclicBarrier start = new CyclicBarrier(threads);
                Callable<Void> caller = () -> {
                    start.await();
                    for (int i = 0; i < ResponseTimes.LEAST / threads; i++) {
                        shared.record(5_000_000);
                        assertThat(shared.percentile()).isEmpty();
                    }
                    return null;
                };
                for (Future<Void> done : executor.invokeAll(List.of(caller, caller, caller))) {
                    done.get();
                }
                time.pass(ResponseTimes.RECKONED_EVERY);
                assertThat(shared.percentile()).as("of 99").isEmpty();
                shared.record(5_000_000);
                time.pass(ResponseTimes.RECKONED_EVERY);
                assertThat(shared.percentile()).as("of 100").isPresent();
            }
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void a_share_of_none_or_of_all_is_refused() {
        assertThatThrownBy(() -> new ResponseTimes(0, time::nanos)).hasMessage("percent: 0 (expected: 1 to 99)");
        assertThatThrownBy(() -> new ResponseTimes(100, time::nanos)).hasMessage("percent: 100 (expected: 1 to 99)");
    }

    private void record(int count, long millis) {
        IntStream.range(0, count)
                .forEach(i -> times.record(Duration.ofMillis(millis).toNanos()));
    }

    /** The newest answer, in milliseconds. */
    private double asked() {
        time.pass(ResponseTimes.RECKONED_EVERY);
        return times.percentile().orElseThrow() / 1e6;
    }
}

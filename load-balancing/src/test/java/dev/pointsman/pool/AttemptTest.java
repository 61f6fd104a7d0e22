package dev.pointsman.pool;

import static dev.pointsman.pool.Instances.instance;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AttemptTest {
    private final PoolCounters pool = new PoolCounters();
    private final Upstream upstream = new Upstream(instance("a", 1), false, pool, (attempt, outcome) -> {}, 0, () -> 0);

    @Test
    void an_attempt_knows_its_upstream() {
        assertThat(upstream.begin().upstream()).isSameAs(upstream);
    }

    @Test
    void an_attempt_ends_once_and_the_first_outcome_counts() {
        Attempt other = upstream.begin();
        Attempt attempt = upstream.begin();

        attempt.end(Outcome.RESPONDED);
        attempt.end(Outcome.BROKEN);
        attempt.end(Outcome.BROKEN);

        assertThat(upstream.inFlight()).isEqualTo(1);
        assertThat(upstream.failures()).isZero();
        other.end(Outcome.BROKEN);
        assertThat(upstream.inFlight()).isZero();
        assertThat(upstream.failures()).isEqualTo(1);
    }

    @Test
    void an_attempt_that_several_threads_end_at_a_time_ends_once() throws Exception {
        int threads = 4;
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        CyclicBarrier together = new CyclicBarrier(threads);
        try {
            for (int round = 0; round < 200; round++) {
                Attempt attempt = upstream.begin();
                Callable<Integer> end = () -> {
                    int arrival = together.await();
                    attempt.end(Outcome.BROKEN);
                    return arrival;
                };
                List<Callable<Integer>> enders =
                        IntStream.range(0, threads).mapToObj(i -> end).toList();
                for (var ended : executor.invokeAll(enders)) {
                    ended.get();
                }
            }
        } finally {
            executor.shutdownNow();
        }

        assertThat(upstream.inFlight()).isZero();
        assertThat(pool.inFlight).hasValue(0);
        assertThat(upstream.failures()).isEqualTo(200);
    }
}

package dev.pointsman.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pointsman.pool.StressedPool.Caller;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A pool under callers that are no event loops, while the registry's views, ejections, probes and slow start change it. What each
 * caller does is drawn from seeds; how they meet is up to the machine.
 */
@Timeout(60)
class PoolStressTest {
    private static final int ROUNDS = 4;
    private static final int VIEWS = 40;

    @Test
    void many_plain_threads_never_make_a_count_go_wrong() throws Exception {
        stress(Executors.newFixedThreadPool(16), 16, 2_000);
    }

    @Test
    void many_virtual_threads_never_make_a_count_go_wrong() throws Exception {
        assumeTrue(Runtime.version().feature() >= 21, "virtual threads need JDK 21 or newer");
        ExecutorService executor = (ExecutorService)
                Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);

        stress(executor, 400, 80);
    }

    private static void stress(ExecutorService executor, int callers, int steps) throws Exception {
        StressedPool pool = new StressedPool(4711);
        List<Caller> all = pool.callers(callers);
        try {
            for (int round = 0; round < ROUNDS; round++) {
                long picksBefore = pool.pool().statistics().picks();
                List<Future<?>> running = new ArrayList<>();
                for (Caller caller : all) {
                    running.add(executor.submit(() -> caller.run(steps)));
                }
                for (int view = 1; view <= VIEWS; view++) {
                    // Spread over the round, as far as its callers get on.
                    long picks = picksBefore + (long) view * callers * steps / (4 * VIEWS);
                    while (pool.pool().statistics().picks() < picks
                            && !running.stream().allMatch(Future::isDone)) {
                        StressedPool.letOthersGoOn();
                    }
                    pool.applyNextView();
                }
                for (Future<?> done : running) {
                    done.get();
                }
                pool.expectExactCounts("in round " + round);
                // What is held now is still there when instances have left, whose names others may have taken.
                for (int views = 0; views < 3; views++) {
                    pool.applyNextView();
                    pool.expectExactCounts("after a view in round " + round);
                }
            }
        } finally {
            executor.shutdown();
        }
        all.forEach(Caller::endAll);

        pool.expectExactCounts("at the end");
        assertThat(pool.violations()).isEmpty();
        assertThat(pool.pool().statistics().inFlight()).isZero();
        pool.expectThatEverythingHappened();
        pool.expectThatAllComeBack();
    }
}

package dev.pointsman.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PoolConcurrencyTest {
    private static final int THREADS = 4;

    private final ExecutorService executor = Executors.newFixedThreadPool(THREADS);

    @AfterEach
    void stop() {
        executor.shutdownNow();
    }

    @Test
    void exactly_one_of_many_threads_gets_the_probe() throws Exception {
        PoolUnderTest pool = PoolUnderTest.of(2, PoolOptions.DEFAULT);
        for (int round = 0; round < 200; round++) {
            pool.attempts("a0", 1, Outcome.CONNECT_FAILED);
            pool.time.passSeconds(300);

            List<Attempt> begun = together(pool::begin);

            List<Attempt> probes = begun.stream()
                    .filter(attempt -> attempt.upstream() == pool.get("a0"))
                    .toList();
            assertThat(probes).hasSize(1);
            begun.forEach(attempt -> attempt.end(Outcome.RESPONDED));
            assertThat(pool.state("a0")).isEqualTo(Availability.READY);
        }
    }

    @Test
    void a_probe_is_claimed_once_however_close_two_claims_are() throws Exception {
        int rounds = 20_000;
        OutlierState state = new OutlierState();
        AtomicInteger round = new AtomicInteger();
        AtomicInteger answered = new AtomicInteger();
        AtomicInteger claimed = new AtomicInteger();
        Future<?> other = executor.submit(() -> {
            for (int i = 1; i <= rounds; i++) {
                awaitCount(round, i);
                claimed.addAndGet(state.claimProbe(state.epoch()) ? 1 : 0);
                answered.set(i);
            }
        });
        for (int i = 1; i <= rounds; i++) {
            state.probe(0, "its time is over");
            round.set(i);
            claimed.addAndGet(state.claimProbe(state.epoch()) ? 1 : 0);
            awaitCount(answered, i);
            assertThat(claimed.get()).as("claims in %s rounds", i).isEqualTo(i);
        }
        other.get();
    }

    private static void awaitCount(AtomicInteger count, int least) {
        for (int spins = 1; count.get() < least && !Thread.currentThread().isInterrupted(); spins++) {
            if (spins % 1_000 == 0) {
                StressedPool.letOthersGoOn();
            } else {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void many_threads_together_do_not_exceed_the_limit_of_an_upstream() throws Exception {
        PoolUnderTest pool = PoolUnderTest.of(3, PoolOptions.DEFAULT.withMaxInFlight(5));

        List<List<Attempt>> begun = together(() -> {
            List<Attempt> mine = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                Attempt attempt = pool.now().begin(List.of(), RequestFacts.NONE, false);
                if (attempt != null) {
                    mine.add(attempt);
                }
            }
            return mine;
        });

        assertThat(begun.stream().mapToInt(List::size).sum()).isEqualTo(15);
        assertThat(pool.now().ready())
                .allSatisfy(upstream -> assertThat(upstream.inFlight()).isEqualTo(5));
    }

    @Test
    void whatever_happens_at_a_time_nothing_is_lost_and_everyone_comes_back() throws Exception {
        PoolUnderTest pool = PoolUnderTest.of(4, PoolOptions.DEFAULT);
        Outcome[] outcomes = Outcome.values();
        AtomicInteger seeds = new AtomicInteger();

        together(() -> {
            SplittableRandom random = new SplittableRandom(seeds.getAndIncrement());
            for (int i = 0; i < 5_000; i++) {
                @Nullable Attempt attempt = pool.now().begin(List.of(), RequestFacts.NONE, false);
                if (attempt != null) {
                    attempt.end(outcomes[random.nextInt(outcomes.length)]);
                }
                if (i % 10 == 0) {
                    pool.time.passSeconds(random.nextInt(40));
                }
            }
            return seeds;
        });

        assertThat(pool.pool.statistics().inFlight()).isZero();
        assertThat(pool.pool.statistics().ejections()).isPositive();
        // Each one that is ejected is probed when its time is over; no probe was lost.
        pool.time.passSeconds(300);
        pool.now().upstreams().forEach(upstream -> upstream.begin().end(Outcome.RESPONDED));
        assertThat(pool.ready()).hasSize(4);
        assertThat(pool.now().upstreams())
                .allSatisfy(upstream -> assertThat(upstream.availability()).isEqualTo(Availability.READY));
    }

    private <T> List<T> together(Callable<T> work) throws Exception {
        CyclicBarrier start = new CyclicBarrier(THREADS);
        Callable<T> atATime = () -> {
            start.await();
            return work.call();
        };
        List<T> results = new ArrayList<>();
        for (Future<T> done : executor.invokeAll(
                IntStream.range(0, THREADS).mapToObj(i -> atATime).toList())) {
            results.add(done.get());
        }
        return results;
    }
}

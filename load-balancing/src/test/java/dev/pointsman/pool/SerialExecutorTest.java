package dev.pointsman.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SerialExecutorTest {
    private final SerialExecutor sequence = new SerialExecutor();

    @Test
    void alone_work_is_done_when_it_was_handed_over() {
        List<String> done = new ArrayList<>();

        sequence.run(() -> done.add("one"));

        assertThat(done).containsExactly("one");
    }

    @Test
    void work_that_comes_up_during_work_is_done_after_it() {
        List<String> done = new ArrayList<>();

        sequence.run(() -> {
            sequence.run(() -> done.add("second"));
            done.add("first");
        });

        assertThat(done).containsExactly("first", "second");
    }

    @Test
    void work_that_fails_does_not_keep_what_is_behind_it_from_being_done() {
        List<String> done = new ArrayList<>();

        sequence.run(() -> {
            sequence.run(() -> done.add("behind"));
            throw new IllegalStateException("on purpose");
        });
        sequence.run(() -> done.add("later"));

        assertThat(done).containsExactly("behind", "later");
    }

    @Test
    void an_error_of_the_machine_does_not_either() {
        List<String> done = new ArrayList<>();

        sequence.run(() -> {
            throw new StackOverflowError("on purpose");
        });
        sequence.run(() -> done.add("later"));

        assertThat(done).containsExactly("later");
    }

    @Test
    void many_threads_work_one_at_a_time_and_nothing_is_lost() throws Exception {
        int threads = 4;
        int each = 20_000;
        int[] count = {0};
        CyclicBarrier together = new CyclicBarrier(threads);
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            Callable<Integer> work = () -> {
                int arrival = together.await();
                for (int i = 0; i < each; i++) {
                    sequence.run(() -> count[0]++);
                }
                return arrival;
            };
            for (var done : executor.invokeAll(
                    IntStream.range(0, threads).mapToObj(i -> work).toList())) {
                done.get();
            }
        } finally {
            executor.shutdownNow();
        }
        assertThat(count[0]).isEqualTo(threads * each);
    }
}

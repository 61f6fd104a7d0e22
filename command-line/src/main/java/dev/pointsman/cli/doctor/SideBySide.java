package dev.pointsman.cli.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Things that wait for others, done at the same time, so that the slowest of them counts and not their sum. */
final class SideBySide {
    private SideBySide() {}

    /**
     * The results in the order of the tasks.
     *
     * @param most tasks at a time
     * @param tasks that throw nothing but for a mistake in the program
     */
    static <T> List<T> all(int most, List<Callable<T>> tasks) throws InterruptedException {
        if (tasks.isEmpty()) {
            return List.of();
        }
        ExecutorService threads = Executors.newFixedThreadPool(Math.min(most, tasks.size()), task -> {
            Thread thread = new Thread(task, "doctor-look");
            // What hangs must not keep the process.
            thread.setDaemon(true);
            return thread;
        });
        try {
            List<T> results = new ArrayList<>();
            for (Future<T> each : threads.invokeAll(tasks)) {
                results.add(each.get());
            }
            return results;
        } catch (ExecutionException failed) {
            throw new IllegalStateException(failed.getCause());
        } finally {
            threads.shutdownNow();
        }
    }
}

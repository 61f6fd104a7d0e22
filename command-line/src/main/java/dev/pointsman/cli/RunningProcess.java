package dev.pointsman.cli;

import dev.pointsman.balancer.StartException;
import dev.pointsman.cli.run.UserSignal;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of a process that runs until a signal ends it: SIGTERM or SIGINT, which stop it in order. A stop that was asked
 * for and went well is no failure: the process ends with 0 and not, as a JVM would have it, with 128 and the signal's
 * number.
 */
final class RunningProcess {
    private static final Logger log = LoggerFactory.getLogger(RunningProcess.class);

    /** The bound of all stop steps together, beyond the time that the user gave to what is in flight. */
    private static final Duration STOP = Duration.ofSeconds(60);

    /** The time in which another signal is taken for the same one: a terminal and a wrapper may both pass it on. */
    private static final Duration SAME_SIGNAL = Duration.ofSeconds(1);

    private final Thread hook;

    private RunningProcess(Thread hook) {
        this.hook = hook;
    }

    /** Waits for a start; its failure is thrown as it is. For the main thread only. */
    static <T> T await(Future<T> start) throws Exception {
        try {
            return start.toCompletionStage().toCompletableFuture().get();
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof StartException sentence ? sentence : failed;
        }
    }

    /**
     * Runs until SIGTERM or SIGINT, then stops in order.
     *
     * @param stops the steps: each begins when the one before it has ended, also if that failed
     */
    static int untilSignal(List<Supplier<Future<Void>>> stops) throws InterruptedException {
        return stoppedBy(stops, Duration.ZERO, () -> {}).untilSignal();
    }

    /**
     * A process that stops in order at a signal from now on, also while it is still starting.
     *
     * @param stops the steps: each begins when the one before it has ended, also if that failed
     * @param waiting for how long they may wait for others, such as requests in flight
     * @param hurry called at a second signal, at least a second after the first: ends that waiting
     */
    static RunningProcess stoppedBy(List<Supplier<Future<Void>>> stops, Duration waiting, Runnable hurry) {
        Thread hook = new Thread(
                () -> {
                    new Thread(() -> hurryAtAnother(hurry), "second-signal").start();
                    halt(stops, STOP.plus(waiting));
                },
                "stop");
        Runtime.getRuntime().addShutdownHook(hook);
        return new RunningProcess(hook);
    }

    /** Waits for a start as {@link #await}; one that fails has nothing to be stopped. */
    <T> T started(Future<T> start) throws Exception {
        try {
            return await(start);
        } catch (Exception failed) {
            removeHook();
            throw failed;
        }
    }

    private void removeHook() throws InterruptedException {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException stopping) {
            // The start has failed because a signal has come: the stop has the last word.
            untilSignal();
        }
    }

    /** Does not return before the process ends. */
    int untilSignal() throws InterruptedException {
        new CountDownLatch(1).await();
        return 0;
    }

    private static void hurryAtAnother(Runnable hurry) {
        long first = System.nanoTime();
        for (String signal : List.of("TERM", "INT")) {
            UserSignal.handle(signal, () -> {
                if (System.nanoTime() - first > SAME_SIGNAL.toNanos()) {
                    log.info("SIG{} once more: what is in flight is not waited for any longer", signal);
                    hurry.run();
                }
            });
        }
    }

    private static void halt(List<Supplier<Future<Void>>> stops, Duration bound) {
        long deadline = System.nanoTime() + bound.toNanos();
        int exitCode = 0;
        for (Supplier<Future<Void>> stop : stops) {
            try {
                stop.get()
                        .toCompletionStage()
                        .toCompletableFuture()
                        .get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            } catch (Exception failed) {
                log.error("did not stop in order: {}", failed.toString());
                exitCode = 1;
            }
        }
        Runtime.getRuntime().halt(exitCode);
    }
}

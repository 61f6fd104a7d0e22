package dev.pointsman.cli;

import dev.pointsman.balancer.StartException;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The life of a process that runs until a signal ends it. */
final class RunningProcess {
    private static final Logger log = LoggerFactory.getLogger(RunningProcess.class);

    /** The bound of all stop steps together: beyond every drain time that makes sense before a harder signal follows. */
    private static final long STOP_SECONDS = 60;

    private RunningProcess() {}

    /** Waits for a start; its failure is thrown as it is. For the main thread only. */
    static <T> T await(Future<T> start) throws Exception {
        try {
            return start.toCompletionStage().toCompletableFuture().get();
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof StartException sentence ? sentence : failed;
        }
    }

    /**
     * Runs until SIGTERM or SIGINT, then stops in order. A stop that was asked for and went well is no failure: the
     * process ends with 0 and not, as a JVM would have it, with 128 and the signal's number.
     *
     * @param stops the steps: each begins when the one before it has ended, also if that failed
     */
    static int untilSignal(List<Supplier<Future<Void>>> stops) throws InterruptedException {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> halt(stops), "stop"));
        new CountDownLatch(1).await();
        return 0;
    }

    private static void halt(List<Supplier<Future<Void>>> stops) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(STOP_SECONDS);
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

package dev.pointsman.cli;

import dev.pointsman.balancer.StartException;
import io.vertx.core.Future;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The life of a process that runs until somebody ends it. */
final class RunningProcess {
    private static final Logger log = LoggerFactory.getLogger(RunningProcess.class);

    /** Beyond every drain time that makes sense before whoever sent the signal sends a harder one. */
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
     */
    static int untilSignal(Supplier<Future<Void>> stop) throws InterruptedException {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> halt(stop), "stop"));
        new CountDownLatch(1).await();
        return 0;
    }

    private static void halt(Supplier<Future<Void>> stop) {
        int exitCode = 0;
        try {
            stop.get().toCompletionStage().toCompletableFuture().get(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (Exception failed) {
            log.error("did not stop in order: {}", failed.toString());
            exitCode = 1;
        }
        System.out.flush();
        Runtime.getRuntime().halt(exitCode);
    }
}

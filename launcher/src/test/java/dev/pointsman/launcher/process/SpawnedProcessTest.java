package dev.pointsman.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SpawnedProcessTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();

    @AfterEach
    void close() {
        executor.shutdownNow();
    }

    @Test
    void has_not_ended_while_the_kernel_still_takes_it_apart() throws Exception {
        DyingProcess dying = new DyingProcess();
        SpawnedProcess child = new SpawnedProcess(
                "api-1",
                dying,
                Instant.EPOCH,
                ProcessTag.of("1", "api-1"),
                new ProcessTable(),
                executor,
                new LastLines());

        CompletableFuture<Boolean> ended = child.end(PATIENCE).toCompletableFuture();
        executor.submit(() -> {}).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(ended).isNotDone();

        dying.reaped.complete(dying);
        assertThat(ended.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isFalse();
    }

    /** A process that is in the process table no more, and of whose end the JVM has not heard yet. */
    private static final class DyingProcess extends Process {
        final CompletableFuture<Process> reaped = new CompletableFuture<>();

        @Override
        public long pid() {
            return Long.MAX_VALUE;
        }

        @Override
        public CompletableFuture<Process> onExit() {
            return reaped;
        }

        @Override
        public int exitValue() {
            return 143;
        }

        @Override
        public OutputStream getOutputStream() {
            return OutputStream.nullOutputStream();
        }

        @Override
        public InputStream getInputStream() {
            return InputStream.nullInputStream();
        }

        @Override
        public InputStream getErrorStream() {
            return InputStream.nullInputStream();
        }

        @Override
        public int waitFor() {
            return exitValue();
        }

        @Override
        public void destroy() {
            // It is ending as it is.
        }
    }
}

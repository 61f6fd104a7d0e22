package dev.pointsman.launcher.run;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The port for single health checks of instances. Thread-safe and non-blocking. */
public interface HealthProbe {
    /**
     * Runs one check.
     *
     * @param path the path of a GET request, or null: a TCP connection is enough
     * @param timeout for the whole check
     * @return never fails
     */
    CompletionStage<HealthResult> check(String address, int port, @Nullable String path, Duration timeout);

    /**
     * The result of a check.
     *
     * @param healthy whether the instance responded, with 2xx if there was a path
     * @param why not, as the end of a sentence; empty if it is healthy
     */
    record HealthResult(boolean healthy, String why) {}
}

package dev.pointsman.launcher;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Finds out whether an instance answers. Thread-safe, and does not block. */
interface Probe {
    /**
     * Asks once.
     *
     * @param path what to GET, or null: that the port takes a connection is enough
     * @param timeout for all of it
     * @return never fails
     */
    CompletionStage<Result> ask(String address, int port, @Nullable String path, Duration timeout);

    /**
     * What came of it.
     *
     * @param well whether it answered, by 2xx if it was asked for a path
     * @param why not, as the end of a sentence; empty if it is well
     */
    record Result(boolean well, String why) {}
}

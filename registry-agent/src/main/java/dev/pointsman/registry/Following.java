package dev.pointsman.registry;

import java.util.concurrent.CompletionStage;

/**
 * Something of a registry's that is followed until it is closed. The registry's failures never end it, and never take back
 * what is known. Thread-safe.
 *
 * @param <V> what the listener is given of it
 */
public interface Following<V> extends AutoCloseable {
    /**
     * Completes with the first view that is worth beginning with, after the listener has seen it: the registry's, or, where
     * the registry fails or takes its time and the view has a cache, a stale one of an earlier process. Never completes if there
     * is neither, and is cancelled if the watch is closed before.
     */
    CompletionStage<V> firstView();

    /** The watch's state at this moment. */
    WatchStatus status();

    /** Ends the watch: the listener is not called any more. Idempotent. */
    @Override
    void close();
}

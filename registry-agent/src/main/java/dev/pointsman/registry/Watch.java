package dev.pointsman.registry;

import java.util.concurrent.CompletionStage;

/** A followed target, see {@link Registry#watch}. Thread-safe. */
public interface Watch extends AutoCloseable {
    /** The tag or service name that is followed. */
    String target();

    /**
     * Completes with the first view that is worth beginning with, after the listener has seen it: the registry's, or, where
     * the registry fails or takes its time, a stale one from the cache of an earlier process. Never completes if there is
     * neither, and is cancelled if the watch is closed before.
     */
    CompletionStage<ServiceView> firstView();

    /** The watch's state at this moment. */
    WatchStatus status();

    /** Ends the watch: the listener is not called any more. Idempotent. */
    @Override
    void close();
}

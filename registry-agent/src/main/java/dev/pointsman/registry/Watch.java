package dev.pointsman.registry;

import java.util.concurrent.CompletionStage;

/** One followed target, see {@link Registry#watch}. Thread-safe. */
public interface Watch extends AutoCloseable {
    String target();

    /**
     * Completes with the first view that is worth beginning with, after the listener has seen it: the registry's, or, where
     * the registry fails or takes its time, one that is remembered from an earlier process. Never completes if there is
     * neither, and is cancelled if the watch is closed before.
     */
    CompletionStage<ServiceView> firstView();

    /** How the watch is doing at this moment. */
    WatchStatus status();

    /** Ends the watch: the listener hears nothing more. Idempotent. */
    @Override
    void close();
}

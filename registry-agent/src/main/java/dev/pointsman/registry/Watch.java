package dev.pointsman.registry;

import java.util.concurrent.CompletionStage;

/** One followed target, see {@link Registry#watch}. Thread-safe. */
public interface Watch extends AutoCloseable {
    String target();

    /**
     * Completes with the first view, after the listener has seen it; never completes if the registry never answers, and
     * is cancelled if the watch is closed before it did.
     */
    CompletionStage<ServiceView> firstView();

    /** How the watch is doing at this moment. */
    WatchStatus status();

    /** Ends the watch: the listener hears nothing more. Idempotent. */
    @Override
    void close();
}

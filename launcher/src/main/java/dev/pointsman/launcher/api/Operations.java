package dev.pointsman.launcher.api;

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * The operations of a running launcher. Thread-safe and non-blocking: an operation that takes time reports its progress one
 * sentence at a time and completes with an {@link OperationResult}. Operations on one type run one after the other.
 */
public interface Operations {
    /** Every instance, by type and then in the order of their slots. */
    List<InstanceStatus> list();

    /**
     * Sets how many instances of a type run; fewer are drained as by a reload.
     *
     * @param change {@code 3}, {@code +1} or {@code -1}
     */
    CompletionStage<OperationResult> scale(String type, String change, Consumer<String> progress);

    /**
     * Replaces the instances of a type without a gap.
     *
     * @param batch how many at a time; 0 for what the type's plan says
     */
    CompletionStage<OperationResult> reload(String type, int batch, Consumer<String> progress);

    /** Stops a type or one instance; it stays in the list and can be started again. */
    CompletionStage<OperationResult> stop(String typeOrId, Consumer<String> progress);

    /**
     * Stops the instances of a type, or one instance, and starts each again before the next is stopped: with a gap, for what cannot
     * run twice at the same time. Also starts what was stopped or given up.
     */
    CompletionStage<OperationResult> restart(String typeOrId, Consumer<String> progress);

    /**
     * Sends a signal to the process of each instance of a type, or of one instance.
     *
     * @param signal {@code USR2}, {@code SIGUSR2} or {@code 12}
     */
    CompletionStage<OperationResult> signal(String typeOrId, String signal);

    /** Has the restarts of a type or an instance count from 0 again. */
    CompletionStage<OperationResult> reset(String typeOrId);

    /** Starts what was stopped or given up. */
    CompletionStage<OperationResult> start(String typeOrId, Consumer<String> progress);

    /** Stops a type or one instance, and forgets it. */
    CompletionStage<OperationResult> delete(String typeOrId, Consumer<String> progress);
}

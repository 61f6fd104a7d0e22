package dev.pointsman.launcher;

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * What can be asked of a running launcher. Thread-safe; nothing here blocks, and what takes its time tells its progress line
 * by line and ends with a {@link Result}. Operations on one type run one after the other.
 */
public interface Operations {
    /** Every instance, by type and then in the order of their places. */
    List<InstanceStatus> list();

    /**
     * Sets how many instances of a type run; fewer are drained as by a reload.
     *
     * @param change {@code 3}, {@code +1} or {@code -1}
     */
    CompletionStage<Result> scale(String type, String change, Consumer<String> progress);

    /**
     * Replaces the instances of a type without a gap.
     *
     * @param batch how many at a time; 0 for what the type's plan says
     */
    CompletionStage<Result> reload(String type, int batch, Consumer<String> progress);

    /** Stops a type or one instance; it stays in the list and can be started again. */
    CompletionStage<Result> stop(String typeOrId, Consumer<String> progress);

    /** Starts what was stopped or given up. */
    CompletionStage<Result> start(String typeOrId, Consumer<String> progress);

    /** Stops a type or one instance, and forgets it. */
    CompletionStage<Result> delete(String typeOrId, Consumer<String> progress);

    /**
     * How an operation ended.
     *
     * @param done whether it did what was asked
     * @param sentence what was done, or why it was not
     */
    record Result(boolean done, String sentence) {}
}

package dev.pointsman.launcher.run;

import dev.pointsman.launcher.api.OperationResult;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * A restart of instances with a gap, for what cannot run twice at the same time: each is drained and stopped, and started again before
 * the next one is stopped, also those that were stopped by hand or given up. It ends with the first that does not come up. Confined
 * to the launcher's loop; for one use.
 */
final class OneByOneRestart {
    private final String type;
    private final List<Slot> slots;
    private final BooleanSupplier isStopping;
    private final Consumer<String> progress;

    /** @param isStopping whether the launcher is to end, so that nothing is to be started any more */
    OneByOneRestart(String type, List<Slot> slots, BooleanSupplier isStopping, Consumer<String> progress) {
        this.type = type;
        this.slots = List.copyOf(slots);
        this.isStopping = isStopping;
        this.progress = progress;
    }

    /** Begins the restart; completes on the loop, and never fails. */
    CompletionStage<OperationResult> begin() {
        return restart(0);
    }

    private CompletionStage<OperationResult> restart(int done) {
        if (done == slots.size()) {
            return result(true, Messages.count(done, "instance") + " of " + type + " restarted.");
        }
        Slot slot = slots.get(done);
        return slot.stop("restart", new GracefulStop(true, progress)).thenCompose(over -> {
            if (isStopping.getAsBoolean()) {
                return result(false, "The launcher is stopping; " + done + " of " + slots.size() + " were restarted.");
            }
            slot.restarted();
            return slot.start(progress)
                    .thenCompose(failure -> failure == null ? restart(done + 1) : ended(done, failure));
        });
    }

    private CompletionStage<OperationResult> ended(int done, InstanceFailure failure) {
        return result(
                false,
                "Restarting " + type + " was stopped: the new instance " + failure.reason() + ". " + done + " of "
                        + slots.size() + " were restarted; the others go on as they were.");
    }

    private static CompletionStage<OperationResult> result(boolean done, String sentence) {
        return CompletableFuture.completedFuture(new OperationResult(done, sentence));
    }
}

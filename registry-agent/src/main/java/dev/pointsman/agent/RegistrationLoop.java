package dev.pointsman.agent;

import dev.pointsman.registry.RegistryException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The single thread that a {@link RegistrationKeeper} is confined to, as a port. An implementation runs one task at a time;
 * whether calls to the registry block that thread or run on others is its own choice.
 */
public interface RegistrationLoop {
    /**
     * Runs a call to the registry, and then {@code outcome} on the loop; at once, or later.
     *
     * @param call may block for as long as {@link dev.pointsman.registry.Registrar} says
     */
    void call(RegistryCall call, CallOutcome outcome);

    /**
     * Runs a task on the loop after a delay.
     *
     * @return cancels the task if it has not begun; to be called on the loop
     */
    Runnable after(Duration delay, Runnable task);

    /** A blocking call to the registry. */
    interface RegistryCall {
        /** Blocks until the registry has responded; the value is that of the call, and true for calls without one. */
        boolean run() throws RegistryException;
    }

    /** The receiver of the outcome of a {@link RegistryCall}. */
    interface CallOutcome {
        /**
         * Takes the outcome, on the loop.
         *
         * @param value what the call returned; meaningless if it failed
         * @param failure a {@link RegistryException}, or a {@link RuntimeException} in case of a bug; null if it succeeded
         */
        void accept(boolean value, @Nullable Exception failure);
    }

    /** Runs a call on the current thread; for implementations. */
    static void callHere(RegistryCall call, CallOutcome outcome) {
        boolean value;
        try {
            value = call.run();
        } catch (RegistryException | RuntimeException e) {
            outcome.accept(false, e);
            return;
        }
        outcome.accept(value, null);
    }
}

package dev.pointsman.registry.junit;

import java.util.ArrayList;
import java.util.List;

/** The steps of an end, each of which is taken whatever became of those before it. For one thread. */
final class EndSteps {
    private final List<Throwable> failures = new ArrayList<>();

    /** One thing to be ended. */
    interface Step {
        void run() throws Exception;
    }

    /** Takes a step; what it throws is thrown by {@link #finish}. */
    EndSteps take(Step step) {
        try {
            step.run();
        } catch (Throwable e) {
            failures.add(e);
        }
        return this;
    }

    /**
     * Throws what steps have thrown, if any: the first as the cause, the others suppressed. A thread that was interrupted is so again.
     *
     * @param sentence the beginning of the message, which the first failure's follows
     */
    void finish(String sentence) {
        if (failures.isEmpty()) {
            return;
        }
        if (failures.stream().anyMatch(InterruptedException.class::isInstance)) {
            Thread.currentThread().interrupt();
        }
        Throwable first = failures.get(0);
        IllegalStateException all = new IllegalStateException(
                sentence + ": " + (first.getMessage() == null ? first.toString() : first.getMessage()), first);
        failures.subList(1, failures.size()).forEach(all::addSuppressed);
        throw all;
    }
}

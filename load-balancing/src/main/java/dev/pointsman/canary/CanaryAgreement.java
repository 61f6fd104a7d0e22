package dev.pointsman.canary;

import java.util.Map;
import java.util.function.Consumer;

/**
 * The place where balancers agree about the canaries of a target: who is on trial since when, at which step, and who was
 * aborted. Thread-safe.
 */
public interface CanaryAgreement {
    /** The agreement of a balancer that decides alone. */
    CanaryAgreement ALONE = new CanaryAgreement() {
        @Override
        public AgreedTarget follow(String target, Consumer<Map<String, CanaryState>> listener) {
            listener.accept(Map.of());
            return () -> {};
        }

        @Override
        public void propose(String target, Map<String, CanaryState> states) {
            // Nobody else has to know.
        }
    };

    /** What ends a {@link #follow}. */
    @FunctionalInterface
    interface AgreedTarget {
        void close();
    }

    /**
     * Follows what is agreed about a target.
     *
     * @param listener is given all versions, at first as soon as it is known whether anything is agreed, and then whenever it
     *     changes; on any thread
     */
    AgreedTarget follow(String target, Consumer<Map<String, CanaryState>> listener);

    /**
     * Has states joined with what is agreed ({@link CanaryState#with}). Does not wait, and tries again by itself for as long as
     * the place cannot be reached.
     */
    void propose(String target, Map<String, CanaryState> states);
}

package dev.pointsman.launcher.process;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** The port that starts programs and observes their processes. Thread-safe and non-blocking. */
public interface Programs {
    /**
     * Starts a program; fails with a {@link CannotStartException} when there is no such program or it cannot be
     * executed.
     */
    CompletionStage<ChildProcess> start(Program program);

    /** The process that listens on a port that a child was given. */
    CompletionStage<PortHolder> holder(int port, ChildProcess child);

    /** The ports that a child listens on, in order; none where that is unknown. */
    CompletionStage<List<Integer>> listening(ChildProcess child);

    /** The usage of each child so far, by its process id. */
    CompletionStage<Map<Long, Usage>> usage(Collection<ChildProcess> children);

    /** Thrown when a program could not be started. The message says why, as the end of a sentence. */
    final class CannotStartException extends Exception {
        private static final long serialVersionUID = 1;

        /** @param message why, as the end of a sentence */
        public CannotStartException(String message) {
            super(message);
        }
    }
}

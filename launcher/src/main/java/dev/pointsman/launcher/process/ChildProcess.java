package dev.pointsman.launcher.process;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** A process that this launcher has started, with all that it has started itself. Thread-safe. */
public interface ChildProcess {
    /** The id of the program's own process. */
    long pid();

    /** The time at which the process began. */
    Instant started();

    /**
     * Completes with the exit code once the program's own process has ended, within a few milliseconds; 128 and the signal's
     * number if a signal ended it.
     */
    CompletionStage<Integer> exit();

    /** The last lines that the process printed, oldest first; none if its output is not read here. */
    List<String> lastLines();

    /**
     * Ends the process and all that it started: a signal once to each, SIGKILL to what is left after the timeout.
     *
     * @param signal the first one
     * @param timeout between the two
     * @return completes when nothing is left, with whether SIGKILL was needed
     */
    CompletionStage<Boolean> end(ProcessSignal signal, Duration timeout);

    /** Ends it as {@link #end(ProcessSignal, Duration)} does, with SIGTERM. */
    default CompletionStage<Boolean> end(Duration timeout) {
        return end(ProcessSignal.TERM, timeout);
    }

    /** Sends a signal to the program's own process; false if it has ended, or signals cannot be sent here. */
    boolean signal(ProcessSignal signal);
}

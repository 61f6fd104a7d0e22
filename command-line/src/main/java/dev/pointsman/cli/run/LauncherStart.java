package dev.pointsman.cli.run;

import dev.pointsman.launcher.api.Operations;
import dev.pointsman.launcher.api.Output;
import java.nio.file.Path;
import java.util.concurrent.CompletionStage;

/** The port that starts a launcher. So that the commands can be tried without any process: {@link RealLauncher} has some. */
public interface LauncherStart {
    /**
     * Starts the launcher, and returns before the first instance is up.
     *
     * @param runtimeFolder private to the user; for what must outlive the launcher to find its children again
     * @throws CommandFailure if it cannot even begin
     */
    Started start(LauncherPlan plan, Output output, Path runtimeFolder) throws CommandFailure;

    /** A running launcher. Thread-safe. */
    interface Started {
        Operations operations();

        /** Stops all instances in order; completes as {@link #ended()}. Asked twice, it stops once. */
        CompletionStage<Integer> stop();

        /**
         * Completes when no instance runs any more and none will, whatever the reason: with 0, or with 1 if a type was given
         * up, which was said by then.
         */
        CompletionStage<Integer> ended();
    }
}

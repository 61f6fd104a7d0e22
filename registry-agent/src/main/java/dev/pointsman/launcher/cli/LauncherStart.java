package dev.pointsman.launcher.cli;

import dev.pointsman.launcher.Operations;
import dev.pointsman.launcher.Output;
import dev.pointsman.launcher.ServicePlan;
import dev.pointsman.registry.consul.ConsulAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Starts a launcher. So that the commands can be tried without any process: {@link RealLauncher} has some. */
interface LauncherStart {
    /**
     * Starts, and returns before the first instance is up.
     *
     * @param runtimeFolder private to the user; for what must outlive the launcher to find its children again
     * @throws CommandFailure if it cannot even begin
     */
    Started start(List<ServicePlan> plans, ConsulAddress consul, Output output, Path runtimeFolder)
            throws CommandFailure;

    /** A launcher that runs. Thread-safe. */
    interface Started {
        Operations operations();

        /** Stops all instances in order; completes when none is left. Asked twice, it stops once. */
        CompletionStage<Void> stop();

        /** Completes when it has ended: not done, with a sentence, if it gave up. */
        CompletionStage<Operations.Result> ended();
    }
}

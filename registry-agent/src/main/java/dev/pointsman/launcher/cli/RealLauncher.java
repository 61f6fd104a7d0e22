package dev.pointsman.launcher.cli;

import dev.pointsman.launcher.Output;
import dev.pointsman.launcher.ServicePlan;
import dev.pointsman.registry.consul.ConsulAddress;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The launcher that has processes. */
final class RealLauncher implements LauncherStart {
    @Override
    public Started start(
            List<ServicePlan> plans, ConsulAddress consul, @Nullable String advertise, Output output, Path runtimeFolder)
            throws CommandFailure {
        throw new CommandFailure("the launcher is not bound yet");
    }
}

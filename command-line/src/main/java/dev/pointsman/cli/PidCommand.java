package dev.pointsman.cli;

import dev.pointsman.launcher.control.ControlException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code pointsman pid}. */
@Command(
        name = "pid",
        description = "Prints the process numbers of instances, one a line.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class PidCommand extends OnLaunchers {
    @Parameters(paramLabel = "TYPE|ID", arity = "0..1", description = "whose; all without")
    private @Nullable String typeOrId;

    @Override
    public Integer call() throws ControlException {
        RunningInstances.of(launchers(), typeOrId).forEach(each -> out().println(each.pid()));
        return 0;
    }
}

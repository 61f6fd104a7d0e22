package dev.pointsman.cli;

import dev.pointsman.launcher.control.ControlException;
import dev.pointsman.launcher.control.Launchers;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code pointsman scale}. */
@Command(
        name = "scale",
        description = "Sets how many instances of a type run; those that are too many are drained first.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class ScaleCommand extends OnLaunchers {
    private static final Pattern CHANGE = Pattern.compile("[+-]?\\d{1,4}");

    @Parameters(index = "0", paramLabel = "TYPE", description = "the type")
    private String type = "";

    @Parameters(index = "1", paramLabel = "N|+N|-N", description = "how many, or how many more or fewer")
    private String change = "";

    @Override
    public Integer call() throws ControlException {
        if (!CHANGE.matcher(change).matches()) {
            throw badUsage("\"" + change + "\" (expected: how many, such as 4, +1 or -1)");
        }
        return operate(Launchers.owner(launchers(), type), "scale", type, change, 0) ? 0 : CliErrors.FAILED;
    }
}

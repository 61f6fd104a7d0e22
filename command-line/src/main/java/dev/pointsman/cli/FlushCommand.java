package dev.pointsman.cli;

import dev.pointsman.cli.run.CommandFailure;
import dev.pointsman.launcher.control.ControlException;
import dev.pointsman.launcher.log.LogFlush;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pointsman flush}. */
@Command(
        name = "flush",
        description = "Deletes what instances printed so far: the log files of some types, or of all.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class FlushCommand extends OnLaunchers {
    @Parameters(paramLabel = "TYPE", arity = "0..*", description = "whose; all without")
    private List<String> types = new ArrayList<>();

    @Option(names = "--log-dir", paramLabel = "DIR", description = "where they are, if not where launchers say")
    private @Nullable Path folder;

    @Override
    public Integer call() throws ControlException, CommandFailure {
        try {
            Set<String> flushed = LogFlush.of(logFolders(folder), types);
            Set<String> missing = new TreeSet<>(types);
            missing.removeAll(flushed);
            flushed.forEach(type -> out().println("Deleted what " + type + " had printed."));
            missing.forEach(type -> err().println("pointsman flush: \"" + type + "\" has no log file"));
            if (types.isEmpty() && flushed.isEmpty()) {
                out().println("There was nothing to delete.");
            }
            return missing.isEmpty() ? 0 : CliErrors.FAILED;
        } catch (IOException failed) {
            throw new CommandFailure("a log file cannot be deleted: " + failed.getMessage());
        }
    }
}

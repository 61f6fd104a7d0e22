package dev.pointsman.cli;

import dev.pointsman.launcher.log.LogSettings;
import dev.pointsman.settings.LogicalPaths;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The flags for the files in which {@code run} stores what instances print. */
final class LogFlags {
    @Option(
            names = "--log-dir",
            paramLabel = "DIR",
            description = "keeps what instances print (~/.local/state/pointsman/logs)")
    private @Nullable Path folder;

    @Option(names = "--no-log-files", description = "keep nothing, only print: for containers")
    private boolean none;

    /** The settings of the files, or null if lines are not stored. */
    @Nullable
    LogSettings settings(Map<String, String> environment) {
        Path where = folder == null ? LogSettings.defaultFolder(environment) : folder;
        return none ? null : LogSettings.in(LogicalPaths.resolve(LogicalPaths.workingFolder(environment), where));
    }
}

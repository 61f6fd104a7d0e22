package dev.pointsman.launcher.plan;

import dev.pointsman.settings.LogicalPaths;
import java.nio.file.Path;
import java.util.Map;

/**
 * The facts about the machine and the process that plans are read for.
 *
 * @param cores how many instances {@code max} means
 * @param folder what relative paths on the command line are relative to, as the user names it: see {@link LogicalPaths}
 * @param variables the environment variables; PATH is looked up there
 */
public record LaunchEnvironment(int cores, Path folder, Map<String, String> variables) {
    public LaunchEnvironment {
        folder = LogicalPaths.resolve(folder.toAbsolutePath(), Path.of(""));
        variables = Map.copyOf(variables);
    }
}

package dev.pointsman.launcher.plan;

import java.nio.file.Path;
import java.util.Map;

/**
 * What a plan is judged by beside its own words.
 *
 * @param cores how many instances {@code max} means
 * @param folder what relative paths on the command line are relative to
 * @param environment where PATH is looked up
 */
public record LaunchEnvironment(int cores, Path folder, Map<String, String> environment) {
    public LaunchEnvironment {
        folder = folder.toAbsolutePath().normalize();
        environment = Map.copyOf(environment);
    }
}

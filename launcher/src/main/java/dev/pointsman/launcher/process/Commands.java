package dev.pointsman.launcher.process;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The checks of a command before it is started: the programs put before it would report a missing one by an exit code
 * only.
 */
final class Commands {
    private static final Pattern FOLDERS = Pattern.compile(Pattern.quote(File.pathSeparator));

    private Commands() {}

    /**
     * The fault of a command, in one sentence; empty when it can be started.
     *
     * @param path the variable {@code PATH} that it will have, or null
     */
    static Optional<String> fault(List<String> command, @Nullable Path directory, @Nullable String path) {
        if (directory != null && !Files.isDirectory(directory)) {
            return Optional.of(directory + " is no directory to run in");
        }
        String program = command.get(0);
        if (program.indexOf('/') >= 0) {
            Path file = directory == null ? Path.of(program) : directory.resolve(program);
            if (!Files.exists(file)) {
                return Optional.of(program + " does not exist");
            }
            return isProgram(file) ? Optional.empty() : Optional.of(program + " cannot be executed");
        }
        for (String folder :
                FOLDERS.splitAsStream(path == null ? "/usr/bin:/bin" : path).toList()) {
            Path base = directory == null ? Path.of("") : directory;
            if (isProgram(base.resolve(folder).resolve(program))) {
                return Optional.empty();
            }
        }
        return Optional.of("there is no " + program + " on the PATH");
    }

    /** The command with the port in place of {@code {port}} in any argument. */
    static List<String> withPort(List<String> command, int port) {
        return command.stream()
                .map(argument -> argument.replace("{port}", Integer.toString(port)))
                .toList();
    }

    /** The PATH of the plan, or else of the environment. */
    static @Nullable String path(Map<String, String> environment) {
        return environment.getOrDefault("PATH", System.getenv("PATH"));
    }

    private static boolean isProgram(Path file) {
        return Files.isRegularFile(file) && Files.isExecutable(file);
    }
}

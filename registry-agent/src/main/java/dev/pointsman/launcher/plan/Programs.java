package dev.pointsman.launcher.plan;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/** Whether a program is there to be run, looked up as {@code execvp} does. */
final class Programs {
    static final String EXPECTED = "a program on the PATH, or the path of one, relative to where it runs";

    private Programs() {}

    /** @param directory where it will run, to which a path with a slash is relative */
    static boolean exists(String program, Path directory, Map<String, String> environment) {
        try {
            if (program.indexOf('/') >= 0) {
                return isProgram(directory.resolve(program));
            }
            String path = environment.getOrDefault("PATH", "/usr/local/bin:/usr/bin:/bin");
            return Arrays.stream(path.split(File.pathSeparator, -1))
                    .anyMatch(folder -> isProgram(directory.resolve(folder).resolve(program)));
        } catch (InvalidPathException noPath) {
            return false;
        }
    }

    private static boolean isProgram(Path file) {
        return Files.isExecutable(file) && !Files.isDirectory(file);
    }
}

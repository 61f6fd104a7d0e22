package dev.pointsman.launcher.plan;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;

/** Whether a program is there to be run, looked up as {@code execvp} does. */
final class ProgramLookup {
    static final String EXPECTED = "a program on the PATH, or the path of one, relative to where it runs";

    /** Where there is no PATH. */
    static final String USUAL_PATH = "/usr/local/bin:/usr/bin:/bin";

    private ProgramLookup() {}

    /**
     * Whether a program is there.
     *
     * @param directory where it will run, to which what is relative is relative
     * @param path the PATH
     */
    static boolean exists(String program, Path directory, String path) {
        try {
            if (program.indexOf('/') >= 0) {
                return isProgram(directory.resolve(program));
            }
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

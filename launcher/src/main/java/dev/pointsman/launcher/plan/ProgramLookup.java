package dev.pointsman.launcher.plan;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;

/** The lookup of a program on the PATH, as {@code execvp} does it. */
final class ProgramLookup {
    static final String EXPECTED = "a program on the PATH, or the path of one, relative to where it runs";

    /** The PATH where none is set. */
    static final String USUAL_PATH = "/usr/local/bin:/usr/bin:/bin";

    private ProgramLookup() {}

    /**
     * Whether a program exists and may be executed.
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

package dev.pointsman.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;

/**
 * Paths as a user names them, with symbolic links left in. A deploy often moves a link ({@code current -> releases/2}): what is
 * used again later, by the path that was given, is then found in the new place. The real path would stay in the old one.
 */
public final class LogicalPaths {
    private LogicalPaths() {}

    /**
     * The folder in which this process was started, as the shell names it: the variable {@code PWD} where it is the absolute name of
     * that folder without {@code .} and {@code ..}, as POSIX has it for {@code pwd -L}; else the real one. The JVM itself
     * knows the real one alone.
     *
     * @param variables the environment variables
     */
    public static Path workingFolder(Map<String, String> variables) {
        Path real = Path.of("").toAbsolutePath();
        try {
            Path named = Path.of(variables.getOrDefault("PWD", ""));
            if (named.isAbsolute() && named.equals(named.normalize()) && Files.isSameFile(named, real)) {
                return named;
            }
        } catch (IOException | InvalidPathException stale) {
            // of a folder that is gone, or no path at all: the real one counts
        }
        return real;
    }

    /**
     * The path below a folder, absolute, without {@code .}, and with {@code x/..} left out only where {@code x} is no symbolic
     * link: so it is what the operating system takes it for, while {@link Path#normalize} takes it by its letters.
     *
     * @param folder an absolute path
     */
    public static Path resolve(Path folder, Path path) {
        Path all = folder.resolve(path);
        Path result = all.getRoot();
        for (Path name : all) {
            String text = name.toString();
            if (text.equals("..") && isPlainFolder(result)) {
                Path parent = result.getParent();
                result = parent == null ? result : parent;
            } else if (!text.equals(".") && !text.isEmpty()) {
                result = result.resolve(name);
            }
        }
        return result;
    }

    private static boolean isPlainFolder(Path path) {
        return !path.endsWith("..") && !Files.isSymbolicLink(path);
    }
}

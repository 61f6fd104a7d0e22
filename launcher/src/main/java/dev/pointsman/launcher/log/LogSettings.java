package dev.pointsman.launcher.log;

import java.nio.file.Path;
import java.util.Map;

/**
 * The settings of log files: where lines are stored, and how many.
 *
 * @param folder the folder
 * @param fileSize bytes at which a file is rotated. Default: 10 MiB
 * @param files how many files there are of each type, the growing one included. Default: 5
 */
public record LogSettings(Path folder, long fileSize, int files) {
    public static final long DEFAULT_FILE_SIZE = 10 << 20;
    public static final int DEFAULT_FILES = 5;

    /** The default settings, with this folder. */
    public static LogSettings in(Path folder) {
        return new LogSettings(folder, DEFAULT_FILE_SIZE, DEFAULT_FILES);
    }

    /**
     * {@code pointsman/logs} in the user's folder for what programs leave behind (XDG Base Directory Specification:
     * XDG_STATE_HOME, else ~/.local/state).
     */
    public static Path defaultFolder(Map<String, String> environment) {
        String state = environment.getOrDefault("XDG_STATE_HOME", "");
        // a relative one is to be ignored, says the specification
        Path base = state.startsWith("/")
                ? Path.of(state)
                : Path.of(environment.getOrDefault("HOME", System.getProperty("user.home")), ".local", "state");
        return base.resolve("pointsman").resolve("logs");
    }
}

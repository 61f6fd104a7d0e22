package dev.pointsman.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The signals that the tests themselves were started to ignore: a shell does that to its background jobs (SIGINT), and nohup
 * to its command (SIGHUP). Children inherit it, and a child that ignores a signal cannot show what it does at it.
 */
public final class Signals {
    /** The signals 1 and 2, as bits of a mask that begins with signal 1. */
    private static final long HUP_OR_INT = 0b11;

    private Signals() {}

    /** The words to put before a command so that its process has the default signals; none where it has them anyway. */
    public static List<String> likeInATerminal() {
        return ignored() ? List.of("env", "--default-signal=HUP,INT") : List.of();
    }

    private static boolean ignored() {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith("SigIgn:"))
                    .map(line -> Long.parseUnsignedLong(
                            line.substring("SigIgn:".length()).strip(), 16))
                    .anyMatch(mask -> (mask & HUP_OR_INT) != 0);
        } catch (IOException noProc) {
            return false;
        }
    }
}

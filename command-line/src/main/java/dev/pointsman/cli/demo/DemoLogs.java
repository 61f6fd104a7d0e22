package dev.pointsman.cli.demo;

import dev.pointsman.cli.run.RuntimeFolder;
import dev.pointsman.launcher.control.ControlException;
import dev.pointsman.launcher.log.InstanceLogs;
import dev.pointsman.launcher.log.LogSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the processes of a demo print: shown on the terminal, and the last of it kept while the demo runs, for the dashboard and
 * {@code pointsman logs}. It is kept in the user's private folder, and goes with the demo; what one left behind that was killed
 * goes with the next.
 */
public final class DemoLogs implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(DemoLogs.class);
    private static final String PREFIX = "demo-logs-";
    private static final long FILE_SIZE = 256 << 10;
    private static final int FILES = 2;

    private final Path folder;
    private final InstanceLogs output;

    private DemoLogs(Path folder, PrintWriter terminal) {
        this.folder = folder;
        this.output = new InstanceLogs(new LogSettings(folder, FILE_SIZE, FILES), terminal, Clock.systemUTC());
    }

    /**
     * Begins to keep.
     *
     * @param terminal where lines are shown too
     * @throws ControlException if the user's folder is not to be trusted
     */
    public static DemoLogs open(RuntimeFolder runtime, PrintWriter terminal) throws ControlException {
        runtime.open();
        deleteLeftBehind(runtime.path());
        return new DemoLogs(
                runtime.path().resolve(PREFIX + ProcessHandle.current().pid()), terminal);
    }

    private static void deleteLeftBehind(Path runtime) {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(runtime, PREFIX + "*")) {
            for (Path folder : folders) {
                String pid = folder.getFileName().toString().substring(PREFIX.length());
                if (pid.matches("[0-9]{1,18}")
                        && ProcessHandle.of(Long.parseLong(pid)).isEmpty()) {
                    delete(folder);
                }
            }
        } catch (IOException unreadable) {
            log.warn("what earlier demos left in {} stays there: {}", runtime, unreadable.toString());
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(folder);
        } catch (IOException failed) {
            log.warn("{} is left behind: {}", folder, failed.toString());
        }
    }

    InstanceLogs output() {
        return output;
    }

    /** Shows what still waits, within a bounded time, and forgets all that was kept. */
    @Override
    public void close() {
        output.close();
        if (Files.isDirectory(folder)) {
            delete(folder);
        }
    }
}

package dev.pointsman.launcher.log;

import dev.pointsman.launcher.api.Output;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The output of instances, stored in files, one for each type, and shown on the terminal. Either may be left out. Memory and
 * the time that an instance may be held up are bounded, see {@link LineSink}. Thread-safe.
 */
public final class InstanceLogs implements Output, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(InstanceLogs.class);
    private static final Duration WAIT_FOR_ROOM = Duration.ofSeconds(1);
    private static final Duration LAST_LINES = Duration.ofSeconds(2);

    private final InstantSource clock;
    private final List<LineSink> sinks = new ArrayList<>();
    private @Nullable LogFiles files;

    /**
     * The output from now on.
     *
     * @param settings where to keep them, or null for nowhere; a folder that cannot be used costs a warning
     * @param terminal where to show them, or null for nowhere
     */
    public InstanceLogs(@Nullable LogSettings settings, @Nullable PrintWriter terminal, InstantSource clock) {
        this.clock = clock;
        if (settings != null) {
            keep(settings);
        }
        if (terminal != null) {
            LinePrinter printer = new LinePrinter(terminal, false);
            sinks.add(new LineSink(
                    "instance-lines",
                    printer::print,
                    lost -> log.warn("{} lines are not shown: the terminal does not take them", lost),
                    WAIT_FOR_ROOM));
        }
    }

    private void keep(LogSettings settings) {
        try {
            LogFiles kept = new LogFiles(settings);
            files = kept;
            sinks.add(new LineSink(
                    "instance-log",
                    kept::write,
                    lost -> log.warn("{} lines are not kept: {} is too slow", lost, settings.folder()),
                    WAIT_FOR_ROOM));
        } catch (IOException unusable) {
            log.warn(
                    "the output of instances is not kept: the folder {} cannot be made or written to",
                    settings.folder());
            log.debug("{} cannot be used", settings.folder(), unusable);
        }
    }

    /** The folder of the files, or null if lines are not stored. */
    public @Nullable Path folder() {
        return files == null ? null : files.folder();
    }

    @Override
    public void line(String type, String id, String line) {
        LogLine stamped = LogLine.of(clock.instant(), type, id, line);
        sinks.forEach(sink -> sink.put(stamped));
    }

    /** Writes what still waits, within a bounded time; later lines are dropped. */
    @Override
    public void close() {
        sinks.forEach(sink -> sink.close(LAST_LINES));
        try {
            if (files != null) {
                files.close();
            }
        } catch (IOException failed) {
            log.warn("the log files of instances were not closed properly: {}", failed.toString());
        }
    }
}

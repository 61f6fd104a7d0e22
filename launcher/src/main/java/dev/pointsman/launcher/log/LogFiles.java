package dev.pointsman.launcher.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log files of one launcher, one for each type. A lock beside each keeps a second launcher of the same type from rotating
 * what the first writes: it takes a file of its own. A folder that was moved away or deleted is made again. Not thread-safe.
 */
final class LogFiles implements Closeable {
    private static final Logger log = LoggerFactory.getLogger(LogFiles.class);
    private static final int MOST_LAUNCHERS = 64;

    private final LogSettings settings;
    private final Map<String, ClaimedFile> files = new HashMap<>();
    /** By type, the lines that could not be written since the last that could. */
    private final Map<String, Integer> lost = new TreeMap<>();

    /** A file with the lock that makes it ours, as long as the lock's file has its name. */
    private record ClaimedFile(
            RotatingFile file,
            Path lockFile,
            FileChannel lock,
            @Nullable Object lockKey) implements Closeable {
        boolean isInPlace() throws IOException {
            return lockKey != null && lockKey.equals(key(lockFile));
        }

        @Override
        public void close() throws IOException {
            try (lock) {
                file.close();
            }
        }
    }

    /** @throws IOException if the folder cannot be made or written to */
    LogFiles(LogSettings settings) throws IOException {
        this.settings = settings;
        Files.createDirectories(settings.folder());
        if (!Files.isWritable(settings.folder())) {
            throw new IOException(settings.folder() + " cannot be written to");
        }
    }

    Path folder() {
        return settings.folder();
    }

    /** Appends lines. A disk that does not take them costs these lines and a message, no more. */
    void write(List<LogLine> lines) {
        Map<String, List<LogLine>> perType = new LinkedHashMap<>();
        for (LogLine line : lines) {
            perType.computeIfAbsent(line.type(), type -> new ArrayList<>()).add(line);
        }
        perType.forEach(this::write);
    }

    private void write(String type, List<LogLine> lines) {
        StringBuilder text = new StringBuilder();
        lines.forEach(line -> text.append(line.inFile()));
        try {
            file(type).write(ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8)));
        } catch (IOException full) {
            boolean first = !lost.containsKey(type);
            lost.merge(type, lines.size(), Integer::sum);
            if (first) {
                log.error(
                        "the output of {} is lost from now on, it cannot be written to {}: {}",
                        type,
                        settings.folder(),
                        full.toString());
            }
            return;
        }
        Integer gone = lost.remove(type);
        if (gone != null) {
            log.warn("the output of {} is kept again; {} lines of it were lost", type, gone);
        }
    }

    private RotatingFile file(String type) throws IOException {
        ClaimedFile claimed = files.get(type);
        if (claimed != null && !claimed.isInPlace()) {
            files.remove(type);
            claimed.close();
            claimed = null;
        }
        if (claimed == null) {
            claimed = claim(type);
            files.put(type, claimed);
        }
        return claimed.file();
    }

    private ClaimedFile claim(String type) throws IOException {
        Files.createDirectories(settings.folder());
        for (int i = 1; i <= MOST_LAUNCHERS; i++) {
            Path file = settings.folder().resolve(LogName.of(type, i));
            Path lockFile = file.resolveSibling(file.getFileName() + ".lock");
            FileChannel lock = lock(lockFile);
            if (lock != null) {
                RotatingFile rotating = new RotatingFile(file, settings.fileSize(), settings.files());
                return new ClaimedFile(rotating, lockFile, lock, key(lockFile));
            }
        }
        throw new IOException("more than " + MOST_LAUNCHERS + " launchers write lines of " + type);
    }

    private static @Nullable Object key(Path file) throws IOException {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        } catch (NoSuchFileException gone) {
            return null;
        }
    }

    private static @Nullable FileChannel lock(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException ours) {
            // taken within this process: as good as by another
        }
        channel.close();
        return null;
    }

    @Override
    public void close() throws IOException {
        lost.forEach((type, lines) -> log.error("{} lines of {} were lost", lines, type));
        for (ClaimedFile file : files.values()) {
            file.close();
        }
    }
}

package dev.pointsman.launcher.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log files of one launcher, one for each type. A lock beside each keeps a second launcher of the same type from rotating
 * what the first writes: it takes a file of its own. Not thread-safe.
 */
final class LogFiles implements Closeable {
    private static final Logger log = LoggerFactory.getLogger(LogFiles.class);
    private static final int MOST_LAUNCHERS = 64;

    private final LogSettings settings;
    private final Map<String, RotatingFile> files = new HashMap<>();
    private final List<FileChannel> locks = new ArrayList<>();
    private boolean failing;

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
        Map<String, StringBuilder> perType = new LinkedHashMap<>();
        for (LogLine line : lines) {
            perType.computeIfAbsent(line.type(), type -> new StringBuilder()).append(line.inFile());
        }
        perType.forEach((type, text) -> {
            try {
                file(type).write(ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8)));
                failing = false;
            } catch (IOException full) {
                report(full);
            }
        });
    }

    private void report(IOException cause) {
        if (!failing) {
            failing = true;
            log.error(
                    "the output of instances is lost, it cannot be written to {}: {}",
                    settings.folder(),
                    cause.toString());
        }
    }

    private RotatingFile file(String type) throws IOException {
        RotatingFile file = files.get(type);
        if (file == null) {
            file = new RotatingFile(unclaimed(type), settings.fileSize(), settings.files());
            files.put(type, file);
        }
        return file;
    }

    private Path unclaimed(String type) throws IOException {
        for (int i = 1; i <= MOST_LAUNCHERS; i++) {
            Path file = settings.folder().resolve(LogName.of(type, i));
            FileChannel lock = lock(file.resolveSibling(file.getFileName() + ".lock"));
            if (lock != null) {
                locks.add(lock);
                return file;
            }
        }
        throw new IOException("more than " + MOST_LAUNCHERS + " launchers write lines of " + type);
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
        for (RotatingFile file : files.values()) {
            file.close();
        }
        for (FileChannel lock : locks) {
            lock.close();
        }
    }
}

package dev.pointsman.launcher.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * A file that is rotated when it has grown to a size: {@code x.log} becomes {@code x.log.1}, that {@code x.log.2}, and the
 * oldest goes. Not thread-safe.
 */
final class RotatingFile implements Closeable {
    private final Path file;
    private final long most;
    private final int files;
    private @Nullable FileChannel channel;
    private long size;

    /** @param files how many in all, from 1 */
    RotatingFile(Path file, long most, int files) {
        this.file = file;
        this.most = most;
        this.files = files;
    }

    /** Appends bytes, which stay together in one file. */
    void write(ByteBuffer bytes) throws IOException {
        FileChannel open = channel == null ? open() : channel;
        if (size > 0 && size + bytes.remaining() > most) {
            open.close();
            channel = null;
            rotate();
            open = open();
        }
        while (bytes.hasRemaining()) {
            size += open.write(bytes);
        }
    }

    private FileChannel open() throws IOException {
        FileChannel open = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        channel = open;
        size = open.size();
        return open;
    }

    private void rotate() throws IOException {
        if (files == 1) {
            Files.deleteIfExists(file);
            return;
        }
        for (int i = files - 2; i >= 0; i--) {
            Path from = i == 0 ? file : rotated(file, i);
            if (Files.exists(from)) {
                Files.move(from, rotated(file, i + 1), StandardCopyOption.ATOMIC_MOVE);
            }
        }
    }

    /** The path of a file that was rotated that many times. */
    static Path rotated(Path file, int times) {
        return file.resolveSibling(file.getFileName() + "." + times);
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
            channel = null;
        }
    }
}

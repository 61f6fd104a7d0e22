package dev.pointsman.launcher.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A file that is rotated when it has grown to a size: {@code x.log} becomes {@code x.log.1}, that {@code x.log.2}, and the
 * oldest goes. Where another program (logrotate) renames, deletes or truncates it, the next bytes go to a file of its name all
 * the same. Not thread-safe.
 */
final class RotatingFile implements Closeable {
    private final Path file;
    private final long most;
    private final int files;
    private @Nullable FileChannel channel;
    private @Nullable Object key;
    private long size;
    private boolean torn;

    /** @param files how many in all, from 1 */
    RotatingFile(Path file, long most, int files) {
        this.file = file;
        this.most = most;
        this.files = files;
    }

    /** Appends bytes, which stay together in one file. */
    void write(ByteBuffer bytes) throws IOException {
        FileChannel open = inPlace();
        if (torn && size > 0) {
            // A write that failed half-way is not to run into the next line.
            size += open.write(ByteBuffer.wrap(new byte[] {'\n'}));
        }
        if (size > 0 && size + bytes.remaining() > most) {
            close();
            rotate();
            open = open();
        }
        torn = true;
        while (bytes.hasRemaining()) {
            size += open.write(bytes);
        }
        torn = false;
    }

    /** The channel of the file that has the name by now: one stat(2) for each write, which takes many lines when there are many. */
    private FileChannel inPlace() throws IOException {
        FileChannel open = channel;
        if (open == null) {
            return open();
        }
        BasicFileAttributes facts = facts();
        if (facts != null && Objects.equals(facts.fileKey(), key)) {
            size = facts.size();
            return open;
        }
        close();
        return open();
    }

    private @Nullable BasicFileAttributes facts() throws IOException {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class);
        } catch (NoSuchFileException gone) {
            return null;
        }
    }

    private FileChannel open() throws IOException {
        FileChannel open = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        channel = open;
        size = open.size();
        torn = false;
        BasicFileAttributes facts = facts();
        // Without one it was renamed in this very moment: the next write opens another.
        key = facts == null ? null : facts.fileKey();
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

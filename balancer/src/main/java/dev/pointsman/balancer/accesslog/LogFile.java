package dev.pointsman.balancer.accesslog;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * The file of an access log, or standard output, with what is about to be written to it: whole lines. What could not be
 * written is written the next time, from the byte on that was missing. Once it is open, for the writing thread alone.
 */
final class LogFile {
    /** Of a file that is made; the umask may take more away. */
    private static final String PERMISSIONS = "rw-r-----";

    private static final int BATCH = 256 * 1024;

    private final LogDestination destination;
    private final ByteBuffer batch = ByteBuffer.allocateDirect(BATCH);
    private FileChannel channel;
    private int written;
    private volatile boolean released;

    private LogFile(LogDestination destination, FileChannel channel) {
        this.destination = destination;
        this.channel = channel;
    }

    /** Opens a destination; blocks. */
    static LogFile open(LogDestination destination) throws IOException {
        LogFile opened = new LogFile(destination, channel(destination));
        opened.endLastLine();
        return opened;
    }

    private static FileChannel channel(LogDestination destination) throws IOException {
        Path file = destination.file();
        if (file == null) {
            // Never closed by us: a service manager's pipe is opened once.
            return new FileOutputStream(FileDescriptor.out).getChannel();
        }
        FileAttribute<?>[] made =
                FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                        ? new FileAttribute<?>[] {
                            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(PERMISSIONS))
                        }
                        : new FileAttribute<?>[0];
        // Appending, so that a file which is cut to nothing under way (copytruncate) goes on from its beginning.
        return FileChannel.open(
                file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND), made);
    }

    /** Ends the line that a killed process has left in the middle, so that the first of ours stands alone. */
    private void endLastLine() {
        Path file = destination.file();
        if (file == null) {
            return;
        }
        try (FileChannel before = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer last = ByteBuffer.allocate(1);
            if (before.size() > 0 && before.read(last, before.size() - 1) == 1 && last.get(0) != '\n') {
                batch.put((byte) '\n');
            }
        } catch (IOException unreadable) {
            // It may be written and not read; then it goes on as it is.
        }
    }

    LogDestination destination() {
        return destination;
    }

    /** Says that no line will be offered for it any more. */
    void release() {
        released = true;
    }

    /** Takes it back, before it was closed. */
    void keep() {
        released = false;
    }

    boolean isReleased() {
        return released;
    }

    /** Takes whole lines of a ring, as many as there is room for, and tells whether there were any. */
    boolean take(LineRing ring) {
        return ring.drainTo(batch);
    }

    /** Whether there is no room for any line. */
    boolean isFull() {
        return batch.remaining() < Line.LONGEST;
    }

    /** Whether nothing waits to be written. */
    boolean isWritten() {
        return batch.position() == 0;
    }

    /** Writes all that it has taken; what is left after an exception stays for the next time. */
    void write() throws IOException {
        ByteBuffer rest = batch.duplicate().flip().position(written);
        try {
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
        } finally {
            written = rest.position();
        }
        batch.clear();
        written = 0;
    }

    /**
     * Opens the path once more, after the file was renamed. A line of which a part was written is written to the new file as a
     * whole. If it cannot be opened, the file stays that was.
     */
    void reopen() throws IOException {
        if (destination.file() == null) {
            return;
        }
        FileChannel next = channel(destination);
        FileChannel before = channel;
        channel = next;
        while (written > 0 && batch.get(written - 1) != '\n') {
            written--;
        }
        batch.flip().position(written);
        batch.compact();
        written = 0;
        before.close();
    }

    /** Gives up what waits, and tells how many lines that are. */
    long discard() {
        long lines = 0;
        for (int i = written; i < batch.position(); i++) {
            lines += batch.get(i) == '\n' ? 1 : 0;
        }
        batch.clear();
        written = 0;
        return lines;
    }

    void close() throws IOException {
        if (destination.file() != null) {
            channel.close();
        }
    }
}

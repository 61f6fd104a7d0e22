package dev.pointsman.cli.takeover;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A Unix socket that is listened on, in a folder that nobody else may enter. {@link #accept} blocks; another thread may
 * {@link #close} it meanwhile.
 */
final class DescriptorListener implements AutoCloseable {
    private final Path path;
    private final LinuxCalls calls;
    private final int socket;
    private final AtomicBoolean isClosed = new AtomicBoolean();
    private final CountDownLatch closed = new CountDownLatch(1);

    private DescriptorListener(Path path, LinuxCalls calls, int socket) {
        this.path = path;
        this.calls = calls;
        this.socket = socket;
    }

    /** Listens; a socket of that name that a dead process, or the one before, has left is replaced. */
    static DescriptorListener listen(Path path) throws IOException {
        return listen(path, LinuxCalls.load());
    }

    static DescriptorListener listen(Path path, LinuxCalls calls) throws IOException {
        int socket = -1;
        try {
            socket = calls.socket(LinuxCalls.AF_UNIX, LinuxCalls.SOCK_STREAM | LinuxCalls.SOCK_CLOEXEC, 0);
            Files.deleteIfExists(path);
            Memory address = LinuxCalls.unixAddress(path.toString());
            calls.bind(socket, address, (int) address.size());
            calls.listen(socket, 8);
            return new DescriptorListener(path, calls, socket);
        } catch (LastErrorException | IOException failed) {
            if (socket >= 0) {
                calls.close(socket);
            }
            throw new IOException(path + " cannot be listened on: " + failed.getMessage(), failed);
        }
    }

    /**
     * Waits for a connection.
     *
     * @throws ClosedChannelException when it is closed
     * @throws IOException if one cannot be accepted now, as where the process has no descriptor left; another try may succeed
     */
    DescriptorSocket accept() throws IOException {
        try {
            return new DescriptorSocket(calls.accept4(socket, Pointer.NULL, Pointer.NULL, LinuxCalls.SOCK_CLOEXEC));
        } catch (LastErrorException failed) {
            if (isClosed.get()) {
                throw new ClosedChannelException();
            }
            throw new IOException(failed.getMessage(), failed);
        }
    }

    /** Waits for the close; false if the time is over before. */
    boolean awaitClose(Duration longest) throws InterruptedException {
        return closed.await(longest.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Ends it; the file stays for the process that listens there by now, if {@code kept}. */
    void close(boolean kept) throws IOException {
        // Once: a second close(2) would close whatever has the number by then.
        if (!isClosed.compareAndSet(false, true)) {
            return;
        }
        closed.countDown();
        try {
            calls.shutdown(socket, LinuxCalls.SHUT_RDWR);
        } catch (LastErrorException notConnected) {
            // It was listening, which is what is ended.
        }
        calls.close(socket);
        if (!kept) {
            Files.deleteIfExists(path);
        }
    }

    @Override
    public void close() throws IOException {
        close(false);
    }
}

package dev.pointsman.cli.takeover;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A Unix socket that is listened on, in a folder that nobody else may enter. {@link #accept} blocks; another thread may
 * {@link #close} it meanwhile.
 */
final class DescriptorListener implements AutoCloseable {
    private final Path path;
    private final int socket;
    private volatile boolean closed;

    private DescriptorListener(Path path, int socket) {
        this.path = path;
        this.socket = socket;
    }

    /** Listens; a socket of that name that a dead process, or the one before, has left is replaced. */
    static DescriptorListener listen(Path path) throws IOException {
        LinuxCalls calls = LinuxCalls.load();
        int socket = -1;
        try {
            socket = calls.socket(LinuxCalls.AF_UNIX, LinuxCalls.SOCK_STREAM | LinuxCalls.SOCK_CLOEXEC, 0);
            Files.deleteIfExists(path);
            Memory address = LinuxCalls.unixAddress(path.toString());
            calls.bind(socket, address, (int) address.size());
            calls.listen(socket, 8);
            return new DescriptorListener(path, socket);
        } catch (LastErrorException | IOException failed) {
            if (socket >= 0) {
                calls.close(socket);
            }
            throw new IOException(path + " cannot be listened on: " + failed.getMessage(), failed);
        }
    }

    DescriptorSocket accept() throws IOException {
        try {
            return new DescriptorSocket(
                    LinuxCalls.load().accept4(socket, Pointer.NULL, Pointer.NULL, LinuxCalls.SOCK_CLOEXEC));
        } catch (LastErrorException failed) {
            if (closed) {
                throw new ClosedChannelException();
            }
            throw new IOException(failed.getMessage(), failed);
        }
    }

    /** Ends it; the file stays for the process that listens there by now, if {@code kept}. */
    void close(boolean kept) throws IOException {
        if (!closed) {
            closed = true;
            try {
                LinuxCalls.load().shutdown(socket, LinuxCalls.SHUT_RDWR);
            } catch (LastErrorException notConnected) {
                // It was listening, which is what is ended.
            }
            LinuxCalls.load().close(socket);
            if (!kept) {
                Files.deleteIfExists(path);
            }
        }
    }

    @Override
    public void close() throws IOException {
        close(false);
    }
}

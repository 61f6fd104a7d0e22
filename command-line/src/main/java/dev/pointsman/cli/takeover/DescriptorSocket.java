package dev.pointsman.cli.takeover;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A connection by a Unix socket that carries messages of text, and descriptors of open files with them (SCM_RIGHTS, unix(7)). A
 * message is its length in four bytes, the text in UTF-8, and its descriptors with the first byte. Each method blocks; one thread may
 * {@link #close} it while another waits.
 */
final class DescriptorSocket implements AutoCloseable {
    /** The longest message: what is known of a hundred thousand instances is less. */
    private static final int LONGEST = 256 << 20;

    /** The most descriptors that come with one message: as many as the kernel passes on (SCM_MAX_FD). */
    static final int MOST = 253;

    /** The room for their control message: its head of 16 bytes, and the numbers. */
    private static final int CONTROL = 16 + 4 * MOST;

    private final int socket;
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * A message.
     *
     * @param descriptors are the receiver's from now on, to be closed by it
     */
    record DescriptorMessage(String text, List<Integer> descriptors) {}

    DescriptorSocket(int socket) {
        this.socket = socket;
    }

    /**
     * Connects to a socket that is listened on.
     *
     * @throws ConnectException if nobody listens there
     */
    static DescriptorSocket connect(Path path) throws IOException {
        LinuxCalls calls = LinuxCalls.load();
        int socket = -1;
        try {
            socket = calls.socket(LinuxCalls.AF_UNIX, LinuxCalls.SOCK_STREAM | LinuxCalls.SOCK_CLOEXEC, 0);
            Memory address = LinuxCalls.unixAddress(path.toString());
            calls.connect(socket, address, (int) address.size());
            return new DescriptorSocket(socket);
        } catch (LastErrorException refused) {
            if (socket >= 0) {
                calls.close(socket);
            }
            String why = path + " cannot be connected to: " + refused.getMessage();
            throw LinuxCalls.NOBODY_THERE.contains(refused.getErrorCode())
                    ? new ConnectException(why)
                    : new IOException(why, refused);
        }
    }

    /** Bounds how long a send or a receive may wait. */
    void timeout(Duration time) throws IOException {
        try (Memory value = new Memory(16)) {
            value.setLong(0, time.toSeconds());
            value.setLong(8, time.toNanosPart() / 1000);
            for (int option : new int[] {LinuxCalls.SO_RCVTIMEO, LinuxCalls.SO_SNDTIMEO}) {
                LinuxCalls.load().setsockopt(socket, LinuxCalls.SOL_SOCKET, option, value, 16);
            }
        } catch (LastErrorException failed) {
            throw new IOException("no timeout: " + failed.getMessage(), failed);
        }
    }

    /** Sends a message; the descriptors stay open here. */
    void send(String text, List<Integer> descriptors) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        ByteBuffer all =
                ByteBuffer.allocate(4 + body.length).putInt(body.length).put(body);
        try (Memory bytes = new Memory(all.capacity());
                Memory control = control(descriptors)) {
            bytes.write(0, all.array(), 0, all.capacity());
            long sent = 0;
            while (sent < bytes.size()) {
                boolean withDescriptors = sent == 0 && !descriptors.isEmpty();
                try (MessageHead head = new MessageHead(
                        bytes, sent, bytes.size() - sent, control, withDescriptors ? controlLength(descriptors) : 0)) {
                    sent += LinuxCalls.load().sendmsg(socket, head.memory(), LinuxCalls.MSG_NOSIGNAL);
                }
            }
        } catch (LastErrorException failed) {
            throw new IOException("nothing can be sent: " + failed.getMessage(), failed);
        }
    }

    private static long controlLength(List<Integer> descriptors) {
        return 16 + 4L * descriptors.size();
    }

    private static Memory control(List<Integer> descriptors) {
        Memory control = new Memory(CONTROL);
        control.clear();
        control.setLong(0, controlLength(descriptors));
        control.setInt(8, LinuxCalls.SOL_SOCKET);
        control.setInt(12, LinuxCalls.SCM_RIGHTS);
        for (int i = 0; i < descriptors.size(); i++) {
            control.setInt(16 + 4L * i, descriptors.get(i));
        }
        return control;
    }

    /** Receives the next message; throws {@link EOFException} where the other side is gone. */
    DescriptorMessage receive() throws IOException {
        List<Integer> descriptors = new ArrayList<>();
        try {
            int length = ByteBuffer.wrap(receive(4, descriptors)).getInt();
            if (length < 0 || length > LONGEST) {
                throw new IOException("a message of " + length + " bytes");
            }
            return new DescriptorMessage(new String(receive(length, descriptors), StandardCharsets.UTF_8), descriptors);
        } catch (IOException broken) {
            descriptors.forEach(LinuxCalls.load()::close);
            throw broken;
        }
    }

    private byte[] receive(int length, List<Integer> descriptors) throws IOException {
        if (length == 0) {
            return new byte[0];
        }
        try (Memory bytes = new Memory(length);
                Memory control = new Memory(CONTROL)) {
            long received = 0;
            while (received < length) {
                try (MessageHead head = new MessageHead(bytes, received, length - received, control, CONTROL)) {
                    long now = LinuxCalls.load().recvmsg(socket, head.memory(), LinuxCalls.MSG_CMSG_CLOEXEC);
                    if (now == 0) {
                        throw new EOFException("the other process has ended the connection");
                    }
                    received += now;
                    head.descriptors().forEach(descriptors::add);
                }
            }
            return bytes.getByteArray(0, length);
        } catch (LastErrorException failed) {
            throw failed.getErrorCode() == LinuxCalls.EAGAIN
                    ? new SocketTimeoutException("nothing came in time")
                    : new IOException("nothing can be received: " + failed.getMessage(), failed);
        }
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            try {
                // Wakes whoever waits for a message.
                LinuxCalls.load().shutdown(socket, LinuxCalls.SHUT_RDWR);
            } catch (LastErrorException gone) {
                // The other side has closed it already.
            }
            LinuxCalls.load().close(socket);
        }
    }
}

package dev.pointsman.balancer.testkit;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One end of a TCP connection that carries HTTP/1, for tests that care about each byte. Blocks; a read that nothing
 * comes for fails the test after a while. Text is ISO 8859-1: a byte a character.
 */
public final class Wire implements Closeable {
    private static final int PATIENCE_MILLIS = 20_000;
    private static final int SMALL_BUFFER = 64 * 1024;

    private final Socket socket;
    private final InputStream in;

    Wire(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    /** Connects to a port of this machine. Its buffers are small, so that back-pressure is felt early. */
    public static Wire to(int port) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(SMALL_BUFFER);
        socket.setSendBufferSize(SMALL_BUFFER);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
        return new Wire(socket);
    }

    /** Sends the lines of a head, and the empty line after them. */
    public Wire sendHead(String... lines) throws IOException {
        return send(String.join("\r\n", lines) + "\r\n\r\n");
    }

    public Wire send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public Wire send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    /** Sends a whole response with a counted body. */
    public Wire respond(int status, String body, String... fields) throws IOException {
        String own = fields.length == 0 ? "" : String.join("\r\n", fields) + "\r\n";
        return send(
                "HTTP/1.1 " + status + " Whatever\r\n" + own + "Content-Length: " + body.length() + "\r\n\r\n" + body);
    }

    /** Reads a message whole, by its own framing. */
    public Message readMessage() throws IOException {
        return readMessage(false);
    }

    /** Reads a response to HEAD: it has no body, whatever it says. */
    public Message readResponseToHead() throws IOException {
        return readMessage(true);
    }

    private Message readMessage(boolean toHead) throws IOException {
        Head head = readHead();
        if (toHead || isBodiless(head)) {
            return new Message(head, "", new Head("", List.of()));
        }
        if (head.isChunked()) {
            StringBuilder body = new StringBuilder();
            for (String chunk = readChunk(); !chunk.isEmpty(); chunk = readChunk()) {
                body.append(chunk);
            }
            return new Message(head, body.toString(), new Head("", readFields()));
        }
        String length = head.one("content-length");
        String body = length != null ? read(Integer.parseInt(length)) : readToEnd();
        return new Message(head, body, new Head("", List.of()));
    }

    private static boolean isBodiless(Head head) {
        if (!head.isResponse()) {
            return !head.isChunked() && !head.has("content-length");
        }
        return head.status() < 200 || head.status() == 204 || head.status() == 304;
    }

    /** Reads one head; fails with {@link EOFException} if the connection ends instead. */
    public Head readHead() throws IOException {
        String start = readLine();
        return new Head(start, readFields());
    }

    private List<Map.Entry<String, String>> readFields() throws IOException {
        List<Map.Entry<String, String>> fields = new ArrayList<>();
        for (String line = readLine(); !line.isEmpty(); line = readLine()) {
            int colon = line.indexOf(':');
            fields.add(Map.entry(
                    line.substring(0, colon), line.substring(colon + 1).strip()));
        }
        return fields;
    }

    /** One chunk of a chunked body, empty at its end; what follows the last one (trailers) is left. */
    public String readChunk() throws IOException {
        int length = Integer.parseInt(readLine(), 16);
        if (length == 0) {
            return "";
        }
        String chunk = read(length);
        readLine();
        return chunk;
    }

    /** The empty line that ends a chunked body without trailers. */
    public void readLastLine() throws IOException {
        String line = readLine();
        if (!line.isEmpty()) {
            throw new AssertionError("expected an empty line, there was " + line);
        }
    }

    private String readLine() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int oneByte = readByte(); oneByte != '\n'; oneByte = readByte()) {
            line.write(oneByte);
        }
        return line.toString(StandardCharsets.ISO_8859_1).replace("\r", "");
    }

    int readByte() throws IOException {
        int oneByte = in.read();
        if (oneByte < 0) {
            throw new EOFException("the connection ended");
        }
        return oneByte;
    }

    /** Exactly that many bytes. */
    public String read(int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new EOFException("the connection ended after " + bytes.length + " of " + count + " bytes");
        }
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** What has arrived by now and was not read yet. */
    public String readNow() throws IOException {
        return read(in.available());
    }

    /** All that still comes until the connection ends. */
    public String readToEnd() throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    /** Waits for the other side to close the connection; false if it says something instead. */
    public boolean ends() throws IOException {
        try {
            return in.read() < 0;
        } catch (SocketException reset) {
            return true;
        }
    }

    /** Waits for the other side to end the connection in order; false if it says something instead, fails on a reset. */
    public boolean endsInOrder() throws IOException {
        return in.read() < 0;
    }

    /** Says that nothing more comes, and waits until the other side is done too; what it still says is let go. */
    public void endAndAwaitEnd() throws IOException {
        try {
            socket.shutdownOutput();
            in.readAllBytes();
        } catch (SocketException alreadyEnded) {
            // By a reset, which is an end as well.
        }
    }

    /** Breaks the connection with a reset, as a crashing process does. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

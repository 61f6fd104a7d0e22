package dev.pointsman.system;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1.1 client that hides nothing: it uses one connection for as long as the server lets it, opens a new one only
 * after a response with {@code Connection: close} (or a failure), and never repeats a request. Libraries do repeat, and
 * failures would go unseen. For one thread, but for {@link #close}.
 */
final class KeepAliveClient implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 60_000;

    private final int port;
    private final SocketFactory sockets;
    private volatile @Nullable Socket socket;
    private @Nullable InputStream in;
    private boolean toldToClose;

    KeepAliveClient(int port) {
        this(port, SocketFactory.getDefault());
    }

    /** One by sockets of another kind: those of TLS. */
    KeepAliveClient(int port, SocketFactory sockets) {
        this.port = port;
        this.sockets = sockets;
    }

    /** One GET. After a failure the next one is on a new connection. */
    Response get(String path) throws IOException {
        return get(path, new String[0]);
    }

    /** The same with these lines of fields, besides Host. */
    Response get(String path, String... fields) throws IOException {
        return ask("GET " + path, "", fields);
    }

    /** One POST with a small body. After a failure the next one is on a new connection. */
    Response post(String path) throws IOException {
        return ask("POST " + path, "hello");
    }

    private Response ask(String methodAndPath, String body, String... fields) throws IOException {
        try {
            Socket connection = connected();
            String length = body.isEmpty() ? "" : "Content-Length: " + body.length() + "\r\n";
            String more = String.join(
                    "", Arrays.stream(fields).map(field -> field + "\r\n").toList());
            String request =
                    methodAndPath + " HTTP/1.1\r\nHost: localhost:" + port + "\r\n" + more + length + "\r\n" + body;
            connection.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            Response response = read();
            toldToClose = response.header("connection").equalsIgnoreCase("close");
            if (toldToClose) {
                close();
            }
            return response;
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /** Whether the newest response asked for the connection to be closed. */
    boolean wasToldToClose() {
        return toldToClose;
    }

    private Socket connected() throws IOException {
        Socket present = socket;
        if (present != null) {
            return present;
        }
        Socket fresh = sockets.createSocket();
        socket = fresh;
        fresh.setTcpNoDelay(true);
        fresh.setSoTimeout(TIMEOUT_MILLIS);
        fresh.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
        in = new BufferedInputStream(fresh.getInputStream());
        return fresh;
    }

    private Response read() throws IOException {
        String statusLine = line();
        String[] parts = statusLine.split(" ", 3);
        if (parts.length < 2 || !parts[0].equals("HTTP/1.1")) {
            throw new IOException("not an HTTP/1.1 status line: " + statusLine);
        }
        Map<String, String> headers = new HashMap<>();
        for (String field = line(); !field.isEmpty(); field = line()) {
            int colon = field.indexOf(':');
            headers.put(
                    field.substring(0, colon).toLowerCase(Locale.ROOT),
                    field.substring(colon + 1).strip());
        }
        return new Response(Integer.parseInt(parts[1]), headers, body(headers.get("content-length")));
    }

    private String body(@Nullable String length) throws IOException {
        if (length == null) {
            throw new IOException("a response without a Content-Length, which is all that this client reads");
        }
        int expected = Integer.parseInt(length);
        byte[] body = input().readNBytes(expected);
        if (body.length < expected) {
            throw new EOFException("the response broke off after " + body.length + " of " + expected + " bytes");
        }
        return new String(body, StandardCharsets.UTF_8);
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = input().read(); next != '\n'; next = input().read()) {
            if (next < 0) {
                throw new EOFException("the connection was closed where a response was due");
            }
            if (next != '\r') {
                line.write(next);
            }
        }
        return line.toString(StandardCharsets.US_ASCII);
    }

    private InputStream input() throws IOException {
        InputStream open = in;
        if (open == null) {
            throw new IOException("closed");
        }
        return open;
    }

    @Override
    public void close() throws IOException {
        Socket open = socket;
        socket = null;
        if (open != null) {
            open.close();
        }
    }
}

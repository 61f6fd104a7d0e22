package dev.pointsman.client;

import dev.pointsman.registry.Health;
import dev.pointsman.registry.Instance;
import dev.pointsman.registry.InstanceKey;
import dev.pointsman.registry.Weights;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** An instance that responds with the number of the connection, and closes all that are open when a test says so. */
final class LeavingInstance implements AutoCloseable {
    private final ServerSocket server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    LeavingInstance() throws IOException {
        Thread accepting = new Thread(this::accept, "leaving-instance");
        accepting.setDaemon(true);
        accepting.start();
    }

    private void accept() {
        try {
            for (int number = 1; !server.isClosed(); number++) {
                Socket connection = server.accept();
                int which = number;
                open.add(connection);
                Thread serving = new Thread(() -> serve(connection, which), "leaving-instance-" + which);
                serving.setDaemon(true);
                serving.start();
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private static void serve(Socket connection, int number) {
        byte[] body = ("connection " + number).getBytes(StandardCharsets.US_ASCII);
        byte[] head =
                ("HTTP/1.1 200 OK\r\nContent-Length: " + body.length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
        try {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.ISO_8859_1));
            while (readRequest(in)) {
                connection.getOutputStream().write(head);
                connection.getOutputStream().write(body);
            }
        } catch (IOException closed) {
            // By the test, or by the client.
        }
    }

    /** Reads a request with a body of one byte; false at the end. */
    private static boolean readRequest(BufferedReader in) throws IOException {
        String line = in.readLine();
        while (line != null && !line.isEmpty()) {
            line = in.readLine();
        }
        return line != null && in.read() >= 0;
    }

    /** Closes the connections that are open. The other side has got their ends when this returns. */
    void closeConnections() {
        try {
            for (Socket connection : open) {
                connection.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        open.clear();
    }

    Instance listed() {
        return new Instance(
                new InstanceKey("node", "leaving"),
                "api",
                "127.0.0.1",
                server.getLocalPort(),
                List.of(),
                Map.of(),
                Weights.DEFAULT,
                Health.PASSING,
                "");
    }

    @Override
    public void close() throws IOException {
        closeConnections();
        server.close();
    }
}

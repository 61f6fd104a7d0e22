package dev.pointsman.balancer.tcp;

import dev.pointsman.balancer.testkit.ScriptedUpstream;
import dev.pointsman.balancer.testkit.TestBalancer;
import dev.pointsman.balancer.testkit.TinyConsul;
import dev.pointsman.testkit.TestHttp;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A whole balancer with a TCP route, its instances and its clients, by real sockets; all new for each test, and closed with it. */
final class TcpTestBalancer implements BeforeEachCallback, AfterEachCallback {
    private final TestBalancer balancer = new TestBalancer();
    private final List<AutoCloseable> closeables = new CopyOnWriteArrayList<>();

    /** What an instance does with a connection. */
    @FunctionalInterface
    interface Served {
        void by(Socket socket) throws Exception;
    }

    @Override
    public void beforeEach(ExtensionContext context) throws Exception {
        balancer.beforeEach(context);
    }

    /** Connections first: the balancer waits for them. */
    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        for (AutoCloseable each : closeables) {
            each.close();
        }
        balancer.afterEach(context);
    }

    void start(String... flags) throws Exception {
        balancer.start(flags);
    }

    void stop() throws Exception {
        balancer.stop();
    }

    TinyConsul consul() {
        return balancer.consul();
    }

    TestHttp admin() {
        return balancer.admin();
    }

    /** The ports of all listeners: that of HTTP, and those of TCP. */
    List<Integer> ports() {
        return balancer.ports();
    }

    /** An instance that speaks HTTP. */
    void instance(String id, ScriptedUpstream.Response response) throws IOException {
        balancer.instance(id, response);
    }

    /** An instance of {@code svc}, which closes each connection when it was served. */
    void serve(String id, Served served) throws IOException {
        serve("svc", id, served);
    }

    void serve(String service, String id, Served served) throws IOException {
        ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        closeables.add(server);
        Thread accepting = new Thread(
                () -> {
                    while (!server.isClosed()) {
                        try {
                            Socket socket = server.accept();
                            closeables.add(socket);
                            Thread serving = new Thread(() -> serve(socket, served), id);
                            serving.setDaemon(true);
                            serving.start();
                        } catch (IOException closed) {
                            return;
                        }
                    }
                },
                id);
        accepting.setDaemon(true);
        accepting.start();
        balancer.consul().list(service, id, server.getLocalPort(), "passing", "");
    }

    private static void serve(Socket socket, Served served) {
        try (socket) {
            served.by(socket);
        } catch (Exception broken) {
            // The test sees it at the other end.
        }
    }

    /** An instance's part that sends back what comes. */
    static void echo(Socket socket) throws IOException {
        socket.getInputStream().transferTo(socket.getOutputStream());
    }

    /** Starts the balancer, and connects to its first TCP port. */
    Socket connect(String... flags) throws Exception {
        balancer.start(flags);
        return socket();
    }

    /** The same with a receive buffer of so many bytes. */
    Socket connect(String flag, int receiveBuffer) throws Exception {
        balancer.start(flag);
        Socket socket = new Socket();
        closeables.add(socket);
        socket.setReceiveBufferSize(receiveBuffer);
        socket.connect(new InetSocketAddress(
                InetAddress.getLoopbackAddress(), balancer.ports().get(1)));
        return socket;
    }

    /** One more connection to the first TCP port. */
    Socket socket() throws IOException {
        return socketTo(balancer.ports().get(1));
    }

    Socket socketTo(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        closeables.add(socket);
        return socket;
    }

    /** Whether a connection is ended by the other side, in whatever way. */
    static boolean ends(Socket client) throws IOException {
        try {
            int read = client.getInputStream().read();
            // A record of an alert is an end, too.
            if (read != -1) {
                var unused = client.getInputStream().readAllBytes();
            }
            return true;
        } catch (SocketException reset) {
            return true;
        }
    }

    static String read(Socket client, int bytes) throws IOException {
        return new String(client.getInputStream().readNBytes(bytes), StandardCharsets.US_ASCII);
    }

    static String readAll(Socket client) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        client.getInputStream().transferTo(all);
        return all.toString(StandardCharsets.US_ASCII);
    }
}

package dev.pointsman.system;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What stands before several balancers: it spreads connections, not requests, as a cloud's TCP balancer does. Each new
 * connection goes to the next of the ports that are said to be good in this moment, or to another where one refuses.
 */
final class TcpFront implements AutoCloseable {
    private static final int CONNECT_MILLIS = 5000;

    private final Supplier<List<Integer>> ports;
    private final ServerSocket listening;
    private final AtomicInteger turn = new AtomicInteger();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    private TcpFront(Supplier<List<Integer>> ports) throws IOException {
        this.ports = ports;
        this.listening = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
    }

    /** @param ports where a connection may go to; asked for each one */
    static TcpFront start(Supplier<List<Integer>> ports) throws IOException {
        TcpFront front = new TcpFront(ports);
        daemon("front", front::accept);
        return front;
    }

    int port() {
        return listening.getLocalPort();
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                open.add(client);
                daemon("front-client", () -> serve(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        Socket balancer = connected();
        if (balancer == null) {
            end(client);
            return;
        }
        open.add(balancer);
        daemon("front-response", () -> relay(balancer, client));
        relay(client, balancer);
    }

    /** A connection to one that takes it, or null. */
    private @Nullable Socket connected() {
        List<Integer> good = ports.get();
        int first = turn.getAndIncrement();
        for (int i = 0; i < good.size(); i++) {
            Socket socket = new Socket();
            try {
                socket.setTcpNoDelay(true);
                int port = good.get(Math.floorMod(first + i, good.size()));
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
                return socket;
            } catch (IOException refused) {
                end(socket);
            }
        }
        return null;
    }

    private void relay(Socket from, Socket to) {
        try (from;
                to) {
            from.setTcpNoDelay(true);
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[8192];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                out.write(buffer, 0, read);
            }
        } catch (IOException broken) {
            // Both sides are closed with it, which is all that a TCP balancer has to say.
        } finally {
            open.remove(from);
            open.remove(to);
        }
    }

    private void end(Socket socket) {
        try {
            open.remove(socket);
            socket.close();
        } catch (IOException e) {
            throw new AssertionError("a socket cannot be closed", e);
        }
    }

    @Override
    public void close() {
        try {
            listening.close();
            open.forEach(this::end);
        } catch (IOException e) {
            throw new AssertionError("the front cannot be closed", e);
        }
    }

    private static void daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }
}

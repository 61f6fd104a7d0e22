package dev.pointsman.system;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Clients of a TCP port that open one connection after the other, say something to the {@link TcpInstance} behind it, hear it back,
 * and end. They count which instance it was, and what failed.
 */
final class TcpClients implements AutoCloseable {
    private static final int CLIENTS = 4;
    private static final int TIMEOUT_MILLIS = 60_000;
    private static final byte[] SAID = "a few words to be said again".getBytes(StandardCharsets.US_ASCII);

    /** The bytes that a connection on which all went well got. */
    static final int WHOLE = TcpInstance.GREETING + SAID.length;

    private final int port;
    private final Responders served = new Responders();
    private final Map<Long, String> ids = new ConcurrentHashMap<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile long slowestMillis;
    private volatile boolean stopping;

    private TcpClients(int port) {
        this.port = port;
    }

    static TcpClients start(int port) {
        TcpClients clients = new TcpClients(port);
        for (int i = 0; i < CLIENTS; i++) {
            Thread thread = new Thread(clients::run, "tcp-client-" + i);
            clients.threads.add(thread);
            thread.start();
        }
        return clients;
    }

    /** A connection, to be told what to do with a line. */
    static Socket connect(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        return socket;
    }

    /** The process number and the id that an instance greets with. */
    static String[] greeted(Socket client) throws IOException {
        byte[] greeting = new byte[TcpInstance.GREETING];
        new DataInputStream(client.getInputStream()).readFully(greeting);
        return new String(greeting, StandardCharsets.US_ASCII).strip().split(" ", 2);
    }

    private void run() {
        while (!stopping) {
            long began = System.nanoTime();
            try {
                once();
            } catch (IOException failed) {
                failures.add(failed.toString());
            }
            slowest((System.nanoTime() - began) / 1_000_000);
        }
    }

    private synchronized void slowest(long millis) {
        slowestMillis = Math.max(slowestMillis, millis);
    }

    private void once() throws IOException {
        try (Socket client = connect(port)) {
            client.getOutputStream().write("echo\n".getBytes(StandardCharsets.US_ASCII));
            client.getOutputStream().write(SAID);
            client.shutdownOutput();
            String[] instance = greeted(client);
            long pid = Long.parseLong(instance[0]);
            ids.put(pid, instance[1]);
            byte[] heard = client.getInputStream().readAllBytes();
            if (heard.length != SAID.length) {
                throw new SocketException("an end after " + heard.length + " bytes, of process " + pid);
            }
            served.count(pid);
        }
    }

    /** How many connections there were of each instance, by its process number. */
    Responders served() {
        return served;
    }

    /** The id of an instance that has greeted. */
    String id(long pid) {
        return String.valueOf(ids.get(pid));
    }

    /** What has failed up to now. */
    List<String> failures() {
        return List.copyOf(failures);
    }

    /** The longest time that a connection took since this was asked last. */
    synchronized long slowestMillis() {
        long slowest = slowestMillis;
        slowestMillis = 0;
        return slowest;
    }

    /** Ends the connections that are open, and opens no more. */
    void stop() {
        stopping = true;
        Soon.isTrue("the last connections", () -> threads.stream().noneMatch(Thread::isAlive));
    }

    @Override
    public void close() {
        stopping = true;
    }
}

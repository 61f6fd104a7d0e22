package dev.pointsman.launcher.process;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.NoSuchElementException;
import java.util.Scanner;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A source of ports that are free at the moment. They are taken from below those that Linux gives to outgoing connections
 * ({@code ip_local_port_range}): a balancer on the same machine opens thousands of these, and would often be quicker than the
 * program that a port was chosen for. A port is not given again soon, so that no client that still knows an old instance talks
 * to a new one by mistake. Confined to one thread.
 */
public final class Ports implements PortSource {
    private static final Logger LOG = LoggerFactory.getLogger(Ports.class);
    private static final Path OUTGOING = Path.of("/proc/sys/net/ipv4/ip_local_port_range");
    private static final int FIRST = 20_000;
    /** The end of the range: from here, Kubernetes has node ports. */
    private static final int LAST = 29_999;

    private static final int TRIES = 100;
    private static final int PORTS_A_START = 4;
    private static final int REMEMBERED = 1_000;

    private final RandomGenerator random;
    private final int first;
    private final int last;
    private final Deque<Integer> recent = new ArrayDeque<>();

    public Ports(RandomGenerator random) {
        this(random, FIRST, Math.min(LAST, firstOutgoing() - 1));
    }

    Ports(RandomGenerator random, int first, int last) {
        this.random = random;
        this.first = first;
        this.last = last;
    }

    @Override
    public int next() throws IOException {
        for (int i = 0; i < TRIES && last >= first; i++) {
            int port = first + random.nextInt(last - first + 1);
            if (!recent.contains(port) && isFree(port)) {
                return remember(port);
            }
        }
        try (ServerSocket socket = new ServerSocket(0)) {
            return remember(socket.getLocalPort());
        }
    }

    @Override
    public int tries() {
        return PORTS_A_START;
    }

    @Override
    public boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(port));
            return true;
        } catch (IOException taken) {
            LOG.debug("Port {} is not free", port, taken);
            return false;
        }
    }

    private int remember(int port) {
        recent.addLast(port);
        if (recent.size() > REMEMBERED) {
            recent.removeFirst();
        }
        return port;
    }

    private static int firstOutgoing() {
        try {
            return new Scanner(Files.readAllLines(OUTGOING).get(0)).nextInt();
        } catch (IOException | NoSuchElementException notLinux) {
            return LAST + 1;
        }
    }
}

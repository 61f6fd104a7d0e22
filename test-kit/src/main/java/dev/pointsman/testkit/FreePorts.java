package dev.pointsman.testkit;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports that are free now, for what cannot be told to take any: a port where nothing listens, those of the demo's processes,
 * which have to know each other's, and a server's that is out of order and is to find its port free when it comes back. They
 * lie below those that Linux gives to outgoing connections, of which the tests beside make thousands, and those that a
 * launcher or a test's Consul takes.
 */
public final class FreePorts {
    private static final int LOWEST = 10_240;
    private static final int HIGHEST = 19_999;
    private static final int TRIES = 1_000;

    private FreePorts() {}

    /** One port. */
    public static int take() {
        return take(1).get(0);
    }

    /** Different ports, as many as asked for. */
    public static List<Integer> take(int count) {
        Set<Integer> ports = new HashSet<>();
        for (int tries = 0; ports.size() < count; tries++) {
            if (tries == TRIES) {
                throw new IllegalStateException("no " + count + " free ports from " + LOWEST + " to " + HIGHEST);
            }
            int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST + 1);
            if (isFree(port)) {
                ports.add(port);
            }
        }
        return new ArrayList<>(ports);
    }

    /** On every address: a program of the tests may listen on all of them. */
    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}

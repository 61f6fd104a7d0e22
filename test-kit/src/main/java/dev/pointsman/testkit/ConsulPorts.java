package dev.pointsman.testkit;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.random.RandomGenerator;

/**
 * The ports of one Consul agent. Consul has no setting for any free port, so they are probed and released; that
 * another program can take them in between is why {@link ConsulUnderTest} tries again with others.
 */
record ConsulPorts(int http, int server, int serfLan, int serfWan) {
    /**
     * The lowest port: below the range that the kernel hands out for port 0, so that no other test's socket gets one of
     * these.
     */
    private static final int LOWEST = 20_000;

    private static final int HIGHEST = 32_000;

    static ConsulPorts free(RandomGenerator random) {
        int first = freeBlock(random);
        return new ConsulPorts(first, first + 1, first + 2, first + 3);
    }

    private static int freeBlock(RandomGenerator random) {
        for (int tries = 0; tries < 200; tries++) {
            int first = random.nextInt(LOWEST / 4, HIGHEST / 4) * 4;
            if (isFree(first) && isFree(first + 1) && isFree(first + 2) && isFree(first + 3)) {
                return first;
            }
        }
        throw new IllegalStateException("no four free ports in a row between " + LOWEST + " and " + HIGHEST);
    }

    private static boolean isFree(int port) {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        try (ServerSocket tcp = new ServerSocket();
                DatagramSocket udp = new DatagramSocket(null)) {
            tcp.bind(address);
            udp.bind(address);
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}

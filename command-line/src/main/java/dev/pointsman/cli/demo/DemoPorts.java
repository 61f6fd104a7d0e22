package dev.pointsman.cli.demo;

import dev.pointsman.balancer.StartException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** Where a demo listens: for clients, for whoever asks the balancer what it knows, and as the registry. */
public record DemoPorts(int clients, int admin, int registry) {
    String clientsUrl() {
        return "http://localhost:" + clients;
    }

    String adminUrl() {
        return "http://127.0.0.1:" + admin;
    }

    String registryUrl() {
        return "http://127.0.0.1:" + registry;
    }

    /** Asks first, so that all ports in use are named at once; who loses a race is told by the process itself. */
    void refuseUsed() throws StartException {
        List<String> used = new ArrayList<>();
        addIfUsed(used, "0.0.0.0", clients, "the balancer's port", "--port");
        addIfUsed(used, "127.0.0.1", admin, "the admin port", "--admin-port");
        addIfUsed(used, "127.0.0.1", registry, "the registry's port", "--registry-port");
        if (!used.isEmpty()) {
            throw new StartException(String.join(", and ", used) + "; stop what uses it, or choose another");
        }
    }

    private static void addIfUsed(List<String> used, String host, int port, String what, String flag) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(InetAddress.getByName(host), port));
        } catch (IOException inUse) {
            used.add(what + " " + port + " is in use by another program (" + flag + ")");
        }
    }
}

package dev.pointsman.cli.demo;

import dev.pointsman.cli.run.CommandFailure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/**
 * The ports of a demo.
 *
 * @param clients the balancer's, for requests
 * @param admin the balancer's, for its admin API
 * @param registry the registry's
 */
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

    /** Refuses ports in use, all at once; a port that is lost after this check is reported by the process itself. */
    void refuseUsed() throws CommandFailure {
        List<String> used = new ArrayList<>();
        addIfUsed(used, "0.0.0.0", clients, "the balancer's port", "--port");
        addIfUsed(used, "127.0.0.1", admin, "the admin port", "--admin-port");
        addIfUsed(used, "127.0.0.1", registry, "the registry's port", "--registry-port");
        if (!used.isEmpty()) {
            throw new CommandFailure(String.join(", and ", used) + "; stop what uses it, or choose another");
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

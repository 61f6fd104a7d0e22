package dev.pointsman.cli.takeover;

import dev.pointsman.balancer.Predecessor;
import dev.pointsman.balancer.StartException;
import dev.pointsman.balancer.config.ListenAddress;
import dev.pointsman.balancer.downstream.InheritedSocket;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The sockets that systemd listens on for this process (socket activation, sd_listen_fds(3)): the first one is the port for clients,
 * a second one the admin port. Clients that come while no balancer runs wait there.
 */
public final class ActivatedSockets implements Predecessor {
    private static final int FIRST = 3;

    private final InheritedSocket clients;
    private final @Nullable InheritedSocket admin;

    private ActivatedSockets(InheritedSocket clients, @Nullable InheritedSocket admin) {
        this.clients = clients;
        this.admin = admin;
    }

    /**
     * Takes the sockets that the environment tells of.
     *
     * @return null if there are none for this process
     * @throws StartException if they are not those that the configuration names
     */
    public static @Nullable ActivatedSockets from(
            Map<String, String> environment, ListenAddress clients, ListenAddress admin) throws StartException {
        String own = Long.toString(ProcessHandle.current().pid());
        String count = environment.getOrDefault("LISTEN_FDS", "");
        if (!environment.getOrDefault("LISTEN_PID", "").equals(own)
                || !List.of("1", "2").contains(count)) {
            return null;
        }
        InheritedSocket forClients = socket(FIRST, clients, "the port for clients");
        return new ActivatedSockets(forClients, count.equals("2") ? socket(FIRST + 1, admin, "the admin port") : null);
    }

    private static InheritedSocket socket(int descriptor, ListenAddress configured, String what) throws StartException {
        try {
            int port = ListeningDescriptors.port(descriptor);
            if (port != configured.port()) {
                throw new StartException(what + ": systemd listens on port " + port + ", and the configuration says "
                        + configured + " (expected: the same)");
            }
            return new InheritedSocket(
                    ListeningDescriptors.adopt(descriptor), new InetSocketAddress(configured.host(), port));
        } catch (IOException | LinkageError failed) {
            throw new StartException(what + ": the socket from systemd cannot be used: " + failed.getMessage());
        }
    }

    @Override
    public boolean isServing() {
        return false;
    }

    @Override
    public InheritedSocket clients() {
        return clients;
    }

    @Override
    public @Nullable InheritedSocket admin() {
        return admin;
    }

    @Override
    public JsonObject legacy() {
        return new JsonObject();
    }

    @Override
    public Future<Void> leave() {
        return Future.succeededFuture();
    }
}

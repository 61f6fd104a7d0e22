package dev.pointsman.cli.takeover;

import dev.pointsman.balancer.Predecessor;
import dev.pointsman.balancer.StartException;
import dev.pointsman.balancer.config.ListenAddress;
import dev.pointsman.balancer.downstream.InheritedSocket;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The sockets that systemd listens on for this process (socket activation, sd_listen_fds(3)), each for the port that the configuration has
 * there. Clients that come while no balancer runs wait in them.
 */
public final class ActivatedSockets implements Predecessor {
    private static final int FIRST = 3;

    private final Map<ListenAddress, InheritedSocket> clients;
    private final @Nullable InheritedSocket admin;

    private ActivatedSockets(Map<ListenAddress, InheritedSocket> clients, @Nullable InheritedSocket admin) {
        this.clients = Map.copyOf(clients);
        this.admin = admin;
    }

    /**
     * Takes the sockets that the environment tells of.
     *
     * @param clients the ports for clients that the configuration has
     * @return null if there are none for this process
     * @throws StartException if one of them is for nothing that the configuration has
     */
    public static @Nullable ActivatedSockets from(
            Map<String, String> environment, List<ListenAddress> clients, ListenAddress admin) throws StartException {
        String own = Long.toString(ProcessHandle.current().pid());
        int count = count(environment.getOrDefault("LISTEN_FDS", ""));
        if (!environment.getOrDefault("LISTEN_PID", "").equals(own) || count == 0) {
            return null;
        }
        List<ListenAddress> all = new ArrayList<>(clients);
        all.add(admin);
        Map<ListenAddress, InheritedSocket> sockets = new HashMap<>();
        // By their addresses first: what is adopted takes other descriptors.
        List<ListenAddress> found = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ListenAddress address = configured(FIRST + i, all);
            if (found.contains(address)) {
                throw new StartException(
                        "systemd listens twice for " + address + " (expected: one socket for each port)");
            }
            found.add(address);
        }
        for (int i = 0; i < count; i++) {
            sockets.put(found.get(i), adopted(FIRST + i, found.get(i)));
        }
        InheritedSocket forAdmin = sockets.remove(admin);
        return new ActivatedSockets(sockets, forAdmin);
    }

    private static int count(String text) {
        try {
            return Math.max(0, Integer.parseInt(text));
        } catch (NumberFormatException none) {
            return 0;
        }
    }

    /** The address in the configuration that a socket is for: the one with its port, and of several the one with its host, too. */
    private static ListenAddress configured(int descriptor, List<ListenAddress> all) throws StartException {
        try {
            int port = ListeningDescriptors.port(descriptor);
            List<ListenAddress> ofPort =
                    all.stream().filter(each -> each.port() == port).toList();
            if (ofPort.size() == 1) {
                return ofPort.get(0);
            }
            SocketName name = SocketName.of(descriptor);
            for (ListenAddress each : ofPort) {
                if (name.isOf(InetAddress.getByName(each.host()))) {
                    return each;
                }
            }
            throw new StartException("systemd listens on port " + port + ", and the configuration has nothing there"
                    + " (expected: one of "
                    + all.stream().map(ListenAddress::toString).collect(Collectors.joining(", "))
                    + ")");
        } catch (IOException | LinkageError failed) {
            throw unusable(failed);
        }
    }

    private static InheritedSocket adopted(int descriptor, ListenAddress address) throws StartException {
        try {
            return new InheritedSocket(
                    ListeningDescriptors.adopt(descriptor), new InetSocketAddress(address.host(), address.port()));
        } catch (IOException | LinkageError failed) {
            throw unusable(failed);
        }
    }

    private static StartException unusable(Throwable failed) {
        return new StartException("a socket from systemd cannot be used: " + failed.getMessage());
    }

    @Override
    public boolean isServing() {
        return false;
    }

    @Override
    public Map<ListenAddress, InheritedSocket> clients() {
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

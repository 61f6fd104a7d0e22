package dev.pointsman.cli.takeover;

import dev.pointsman.balancer.Predecessor;
import dev.pointsman.balancer.StartException;
import dev.pointsman.balancer.config.ListenAddress;
import dev.pointsman.balancer.downstream.InheritedSocket;
import dev.pointsman.cli.takeover.DescriptorSocket.DescriptorMessage;
import io.vertx.core.Future;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The side of a takeover that takes over from a balancer that runs. See {@link TakeoverServer}. Thread-safe. */
public final class Takeover implements Predecessor {
    private static final Logger log = LoggerFactory.getLogger(Takeover.class);
    private static final int NONE = -1;
    private static final Duration STEP = Duration.ofSeconds(15);

    private final Path socket;
    private final DescriptorSocket connection;
    private final long process;
    private final Map<ListenAddress, InheritedSocket> clients;
    private final @Nullable InheritedSocket admin;
    private final JsonObject legacy;

    private Takeover(
            Path socket,
            DescriptorSocket connection,
            long process,
            Map<ListenAddress, InheritedSocket> clients,
            @Nullable InheritedSocket admin,
            JsonObject legacy) {
        this.socket = socket;
        this.connection = connection;
        this.process = process;
        this.clients = Map.copyOf(clients);
        this.admin = admin;
        this.legacy = legacy;
    }

    /** The socket at which a balancer is asked whose first port is this one. */
    public static Path socket(Path folder, int port) {
        return folder.resolve("balancer-" + port + ".sock");
    }

    /**
     * Gets the sockets of the balancer that runs; blocks.
     *
     * @param clients the ports for clients that are wanted; the others that it has are left to it
     * @return null if none runs
     * @throws StartException if it is not to be taken over from, or listens elsewhere
     */
    public static @Nullable Takeover begin(Path socket, List<ListenAddress> clients, ListenAddress admin)
            throws StartException {
        if (!Files.exists(socket)) {
            return null;
        }
        DescriptorSocket connection;
        try {
            connection = DescriptorSocket.connect(socket);
        } catch (ConnectException nobody) {
            log.debug("nobody listens at {}", socket, nobody);
            return null;
        } catch (IOException failed) {
            throw new StartException("--takeover: " + failed.getMessage());
        } catch (LinkageError missing) {
            throw new StartException(
                    "--takeover: the calls of the operating system cannot be made here: " + missing.getMessage());
        }
        try {
            connection.timeout(STEP);
            connection.send(
                    new JsonObject().put("take", ProcessHandle.current().pid()).encode(), List.of());
            return taken(socket, connection, connection.receive(), clients, admin);
        } catch (IOException | DecodeException | ClassCastException broken) {
            connection.close();
            throw new StartException(
                    "--takeover: the running balancer did not hand on its sockets: " + broken.getMessage());
        } catch (StartException refused) {
            connection.close();
            throw refused;
        }
    }

    private static Takeover taken(
            Path socket,
            DescriptorSocket connection,
            DescriptorMessage message,
            List<ListenAddress> clients,
            ListenAddress admin)
            throws IOException, StartException {
        JsonObject answer = new JsonObject(message.text());
        if (answer.containsKey("refused")) {
            throw new StartException("--takeover: the running balancer refuses: " + answer.getString("refused"));
        }
        long process = answer.getLong("pid");
        List<Integer> descriptors = new ArrayList<>(message.descriptors());
        try {
            List<ListenAddress> offered = TakeoverMessages.offered(answer);
            if (descriptors.size() != offered.size() + 1) {
                throw new IOException(descriptors.size() + " sockets came (expected: " + (offered.size() + 1) + ")");
            }
            refuseOtherHosts(offered, clients, process);
            // The admin port's is the second one, behind that of the first port for clients.
            List<ListenAddress> all = new ArrayList<>(offered);
            ListenAddress itsAdmin = TakeoverMessages.address(answer.getValue("admin"));
            all.add(1, itsAdmin);
            Map<ListenAddress, InheritedSocket> forClients = new HashMap<>();
            InheritedSocket forAdmin = null;
            for (int i = 0; i < all.size(); i++) {
                ListenAddress address = all.get(i);
                boolean isAdmin = i == 1;
                if (isAdmin ? address.equals(admin) : clients.contains(address)) {
                    InheritedSocket inherited = inherited(descriptors.set(i, NONE), address);
                    if (isAdmin) {
                        forAdmin = inherited;
                    } else {
                        forClients.put(address, inherited);
                    }
                }
            }
            return new Takeover(socket, connection, process, forClients, forAdmin, answer.getJsonObject("legacy"));
        } finally {
            // Those that nobody wants here.
            descriptors.stream().filter(descriptor -> descriptor != NONE).forEach(LinuxCalls.load()::close);
        }
    }

    /** A port at another host cannot be opened as long as the other process has it. */
    private static void refuseOtherHosts(List<ListenAddress> offered, List<ListenAddress> wanted, long process)
            throws StartException {
        for (ListenAddress address : wanted) {
            for (ListenAddress running : offered) {
                if (running.overlaps(address) && !running.equals(address)) {
                    throw new StartException("--takeover: the balancer that runs, process " + process + ", listens on "
                            + running + " and this one is to on " + address
                            + " (expected: the same, or stop that one before)");
                }
            }
        }
    }

    private static InheritedSocket inherited(int descriptor, ListenAddress address) throws IOException {
        return new InheritedSocket(
                ListeningDescriptors.adopt(descriptor), new InetSocketAddress(address.host(), address.port()));
    }

    /** Where the other process was found. */
    public Path socket() {
        return socket;
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
        return legacy;
    }

    @Override
    public Future<Void> leave() {
        CompletableFuture<Void> left = new CompletableFuture<>();
        TakeoverServer.thread("takeover", () -> {
            try (connection) {
                connection.send(TakeoverMessages.ready(clients.keySet()), List.of());
                DescriptorMessage unused = connection.receive();
            } catch (IOException gone) {
                log.warn(
                        "process {}, which was taken over from, did not leave in order: {}",
                        process,
                        gone.getMessage());
            }
            left.complete(null);
        });
        return Future.fromCompletionStage(left);
    }

    /** Tells the other process why this one does not take over; it goes on. */
    public void failed(String why) {
        try (connection) {
            connection.send(new JsonObject().put("failed", why).encode(), List.of());
        } catch (IOException gone) {
            log.debug("process {} is not told that this one fails", process, gone);
        }
    }
}

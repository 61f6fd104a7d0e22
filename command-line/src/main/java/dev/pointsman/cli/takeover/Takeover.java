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
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The side of a takeover that takes over from a balancer that runs. See {@link TakeoverServer}. Thread-safe. */
public final class Takeover implements Predecessor {
    private static final Logger log = LoggerFactory.getLogger(Takeover.class);
    private static final Duration STEP = Duration.ofSeconds(15);

    private final DescriptorSocket connection;
    private final long process;
    private final InheritedSocket clients;
    private final @Nullable InheritedSocket admin;
    private final JsonObject legacy;

    private Takeover(
            DescriptorSocket connection,
            long process,
            InheritedSocket clients,
            @Nullable InheritedSocket admin,
            JsonObject legacy) {
        this.connection = connection;
        this.process = process;
        this.clients = clients;
        this.admin = admin;
        this.legacy = legacy;
    }

    /** The socket at which a balancer is asked that serves a port. */
    public static Path socket(Path folder, int port) {
        return folder.resolve("balancer-" + port + ".sock");
    }

    /**
     * Gets the sockets of the balancer that runs; blocks.
     *
     * @return null if none runs
     * @throws StartException if it is not to be taken over from, or listens elsewhere
     */
    public static @Nullable Takeover begin(Path socket, ListenAddress clients, ListenAddress admin)
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
            return taken(connection, connection.receive(), clients, admin);
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
            DescriptorSocket connection, DescriptorMessage message, ListenAddress clients, ListenAddress admin)
            throws IOException, StartException {
        JsonObject answer = new JsonObject(message.text());
        if (answer.containsKey("refused")) {
            throw new StartException("--takeover: the running balancer refuses: " + answer.getString("refused"));
        }
        long process = answer.getLong("pid");
        List<Integer> descriptors = message.descriptors();
        if (descriptors.size() != 2) {
            throw new IOException(descriptors.size() + " sockets came (expected: 2)");
        }
        InheritedSocket forClients = inherited(descriptors.get(0), answer.getJsonObject("clients"));
        InheritedSocket forAdmin = inherited(descriptors.get(1), answer.getJsonObject("admin"));
        String listens = listens(answer.getJsonObject("clients"));
        if (!listens.equals(clients.toString())) {
            forClients.channel().close();
            forAdmin.channel().close();
            throw new StartException("--takeover: the balancer that runs, process " + process + ", listens on "
                    + listens + " and this one is to on " + clients + " (expected: the same, or stop that one before)");
        }
        boolean sameAdmin = listens(answer.getJsonObject("admin")).equals(admin.toString());
        if (!sameAdmin) {
            forAdmin.channel().close();
        }
        return new Takeover(
                connection, process, forClients, sameAdmin ? forAdmin : null, answer.getJsonObject("legacy"));
    }

    private static String listens(JsonObject address) {
        return new ListenAddress(address.getString("host"), address.getInteger("port")).toString();
    }

    private static InheritedSocket inherited(int descriptor, JsonObject address) throws IOException {
        return new InheritedSocket(
                ListeningDescriptors.adopt(descriptor),
                new InetSocketAddress(address.getString("host"), address.getInteger("port")));
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
        return legacy;
    }

    @Override
    public Future<Void> leave() {
        CompletableFuture<Void> left = new CompletableFuture<>();
        TakeoverServer.thread("takeover", () -> {
            try (connection) {
                connection.send(new JsonObject().put("ready", true).encode(), List.of());
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

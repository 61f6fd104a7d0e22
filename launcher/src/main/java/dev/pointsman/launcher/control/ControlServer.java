package dev.pointsman.launcher.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pointsman.launcher.api.LauncherSettings;
import dev.pointsman.launcher.api.Operations;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server of a launcher's control socket. Requests are JSON, one a line: {@code {"op":"list"}}, {@code {"op":"settings"}} (with
 * {@code "values":true} if those of environment variables are wanted too), or {@code scale}, {@code reload}, {@code restart},
 * {@code stop}, {@code start}, {@code delete}, {@code reset}, {@code signal} with {@code which} (a type or id) and {@code change} or
 * {@code batch}. The response to the first two is one line; the response to an operation is a line {@code {"progress":"..."}} for each step, and at
 * its end {@code {"done":true,"sentence":"..."}}. An operation goes on when its client disconnects. Thread-safe.
 */
public final class ControlServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ControlServer.class);

    /** The most connections at a time: each costs a thread, and belongs to one command of the user. */
    private static final int MOST_CONNECTIONS = 64;

    private static final long LAST_RESPONSES_MILLIS = 1000;

    private final Path socket;
    private final ServerSocketChannel channel;
    private final Operations operations;
    private final LauncherDescription launcher;
    private final Set<SocketChannel> connections = ConcurrentHashMap.newKeySet();
    private final Phaser responding = new Phaser(1);

    private ControlServer(
            Path socket, ServerSocketChannel channel, Operations operations, LauncherDescription launcher) {
        this.socket = socket;
        this.channel = channel;
        this.operations = operations;
        this.launcher = launcher;
    }

    /**
     * Starts to listen.
     *
     * @param folder a {@link PrivateFolder}; made where it is missing
     * @param uid the user's number
     * @throws ControlException if the folder is not to be trusted, or the socket cannot be opened
     */
    public static ControlServer listen(Path folder, long uid, Operations operations, LauncherDescription launcher)
            throws ControlException {
        PrivateFolder.open(folder, uid);
        Path socket = ControlSockets.of(folder, launcher.pid());
        try {
            // left by a dead process with the same number
            Files.deleteIfExists(socket);
            ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            channel.bind(UnixDomainSocketAddress.of(socket));
            ControlServer server = new ControlServer(socket, channel, operations, launcher);
            server.thread("control", server::accept);
            return server;
        } catch (IOException failed) {
            throw new ControlException(socket + " cannot be listened on: " + failed.getMessage());
        }
    }

    private void accept() {
        while (channel.isOpen()) {
            try {
                SocketChannel connection = channel.accept();
                connections.add(connection);
                if (connections.size() > MOST_CONNECTIONS) {
                    close(connection);
                } else {
                    thread("control-connection", () -> serve(connection));
                }
            } catch (ClosedChannelException closed) {
                return;
            } catch (IOException failed) {
                log.warn("a command could not be taken: {}", failed.toString());
            }
        }
    }

    private void serve(SocketChannel connection) {
        try (JsonLines lines = new JsonLines(connection)) {
            JsonNode request = lines.next();
            while (request != null) {
                responding.register();
                try {
                    respond(request, lines);
                } finally {
                    responding.arriveAndDeregister();
                }
                request = lines.next();
            }
        } catch (IOException | InterruptedException gone) {
            log.debug("a command went away: {}", gone.toString());
        } finally {
            close(connection);
        }
    }

    private void respond(JsonNode request, JsonLines connection) throws IOException, InterruptedException {
        switch (request.path("op").asText()) {
            case "list" -> connection.write(list());
            case "settings" -> {
                LauncherSettings settings = launcher.settings().get();
                boolean withValues = request.path("values").asBoolean();
                connection.write(LauncherSettingsJson.write(withValues ? settings : settings.withoutValues()));
            }
            default -> operate(request, connection);
        }
    }

    private void operate(JsonNode request, JsonLines connection) throws IOException, InterruptedException {
        // Between the launcher's thread, which must not wait, and the client, which may be slow.
        BlockingQueue<ObjectNode> responses = new LinkedBlockingQueue<>();
        ControlRequests.begin(
                        request,
                        operations,
                        step -> responses.add(JsonLines.JSON.createObjectNode().put("progress", step)))
                .whenComplete((result, failure) -> responses.add(
                        failure == null
                                ? result(result.done(), result.sentence())
                                : result(false, "this failed: " + failure)));
        ObjectNode response;
        do {
            response = responses.take();
            connection.write(response);
        } while (!response.has("done"));
    }

    private static ObjectNode result(boolean done, String sentence) {
        return JsonLines.JSON.createObjectNode().put("done", done).put("sentence", sentence);
    }

    private ObjectNode list() {
        ObjectNode list = JsonLines.JSON.createObjectNode();
        ArrayNode names = list.putArray("types");
        launcher.types().get().forEach(names::add);
        if (launcher.logs() != null) {
            list.put("logs", launcher.logs().toString());
        }
        ArrayNode instances = list.putArray("instances");
        operations.list().forEach(status -> instances.add(StatusJson.write(status)));
        return list;
    }

    private void thread(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void close(SocketChannel connection) {
        connections.remove(connection);
        try {
            connection.close();
        } catch (IOException failed) {
            log.debug("a command's connection was not closed well: {}", failed.toString());
        }
    }

    /** Stops taking commands and removes the socket; responses under way get a moment to be written. */
    @Override
    public void close() {
        try {
            channel.close();
            Files.deleteIfExists(socket);
            responding.awaitAdvanceInterruptibly(responding.arrive(), LAST_RESPONSES_MILLIS, TimeUnit.MILLISECONDS);
        } catch (IOException failed) {
            log.warn("{} is left behind: {}", socket, failed.toString());
        } catch (TimeoutException late) {
            log.debug("an operation goes on without its client");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        connections.forEach(this::close);
    }
}

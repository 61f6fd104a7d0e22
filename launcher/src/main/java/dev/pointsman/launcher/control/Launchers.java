package dev.pointsman.launcher.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pointsman.launcher.api.InstanceStatus;
import dev.pointsman.launcher.api.LauncherSettings;
import dev.pointsman.launcher.api.OperationResult;
import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The client of all live launchers of one user. Blocks; for commands, not for event loops. */
public final class Launchers {
    /** The message when no launcher runs. */
    public static final String NONE = "no launcher is running (pointsman run starts one)";

    private final Path folder;
    private final long uid;
    private final Duration timeout;

    /** @param timeout how long a launcher may take to respond with its list: it does so at once or hangs */
    public Launchers(Path folder, long uid, Duration timeout) {
        this.folder = folder;
        this.uid = uid;
        this.timeout = timeout;
    }

    /**
     * Asks all launchers, at the same time.
     *
     * @param silent takes a sentence for each that does not respond
     */
    public List<RunningLauncher> all(Consumer<String> silent) throws ControlException {
        if (!Files.exists(folder)) {
            return List.of();
        }
        PrivateFolder.check(folder, uid);
        Map<Long, FutureTask<@Nullable RunningLauncher>> asked = new TreeMap<>();
        try {
            ControlSockets.in(folder).forEach((pid, socket) -> asked.put(pid, ask(pid, socket)));
        } catch (IOException unreadable) {
            throw new ControlException(folder + " cannot be read: " + unreadable.getMessage());
        }
        List<RunningLauncher> responded = new ArrayList<>();
        for (Map.Entry<Long, FutureTask<@Nullable RunningLauncher>> each : asked.entrySet()) {
            RunningLauncher launcher = await(each.getKey(), each.getValue(), silent);
            if (launcher != null) {
                responded.add(launcher);
            }
        }
        return responded;
    }

    private FutureTask<@Nullable RunningLauncher> ask(long pid, Path socket) {
        FutureTask<@Nullable RunningLauncher> task = new FutureTask<>(() -> list(pid, socket));
        Thread thread = new Thread(task, "ask-launcher");
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    private @Nullable RunningLauncher await(
            long pid, FutureTask<@Nullable RunningLauncher> task, Consumer<String> silent) {
        try {
            return task.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException failed) {
            silent.accept("launcher " + pid + " did not respond: " + failed.getCause());
        } catch (TimeoutException hangs) {
            silent.accept("launcher " + pid + " does not respond (waited " + timeout.toSeconds() + " s)");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        return null;
    }

    /**
     * The reply of one launcher; null if no process listens: it is just starting or ending, or was killed and left its
     * socket.
     */
    private static @Nullable RunningLauncher list(long pid, Path socket) throws IOException {
        try (JsonLines lines = connect(socket)) {
            lines.write(JsonLines.JSON.createObjectNode().put("op", "list"));
            JsonNode response = lines.next();
            if (response == null) {
                return null;
            }
            List<String> types = new ArrayList<>();
            response.path("types").forEach(type -> types.add(type.asText()));
            List<InstanceStatus> instances = new ArrayList<>();
            response.path("instances").forEach(status -> instances.add(StatusJson.read(status)));
            JsonNode logs = response.get("logs");
            return new RunningLauncher(pid, socket, types, logs == null ? null : Path.of(logs.asText()), instances);
        } catch (ConnectException notListening) {
            if (!ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false)) {
                Files.deleteIfExists(socket);
            }
            return null;
        }
    }

    private static JsonLines connect(Path socket) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            return new JsonLines(channel);
        } catch (IOException failed) {
            channel.close();
            throw failed;
        }
    }

    /**
     * The launcher of a type or an instance.
     *
     * @param launchers where to look
     * @throws ControlException if none has it, or more than one
     */
    public static RunningLauncher owner(List<RunningLauncher> launchers, String typeOrId) throws ControlException {
        if (launchers.isEmpty()) {
            throw new ControlException(NONE);
        }
        List<RunningLauncher> owners =
                launchers.stream().filter(each -> each.has(typeOrId)).toList();
        if (owners.size() > 1) {
            throw new ControlException("\"" + typeOrId + "\" is run by the launchers "
                    + owners.stream().map(each -> Long.toString(each.pid())).collect(Collectors.joining(" and "))
                    + " (say which with --launcher PID)");
        }
        if (owners.isEmpty()) {
            String types = launchers.stream()
                    .flatMap(each -> each.types().stream())
                    .distinct()
                    .sorted()
                    .collect(Collectors.joining(", "));
            throw new ControlException("\"" + typeOrId + "\" is no type or instance that runs here (expected one of: "
                    + types + ", or an id of pointsman list)");
        }
        return owners.get(0);
    }

    /**
     * What a launcher was told to run.
     *
     * @param withValues whether the values of environment variables are wanted; else they are empty
     * @throws ControlException if it does not say
     */
    public static LauncherSettings settings(RunningLauncher launcher, boolean withValues) throws ControlException {
        try (JsonLines lines = connect(launcher.socket())) {
            lines.write(JsonLines.JSON.createObjectNode().put("op", "settings").put("values", withValues));
            JsonNode response = lines.next();
            if (response == null || !response.has("services")) {
                throw new ControlException("launcher " + launcher.pid()
                        + " does not say what it was told to run; it may be older than this command");
            }
            return LauncherSettingsJson.read(response);
        } catch (IOException broken) {
            throw new ControlException("launcher " + launcher.pid() + " cannot be asked: " + broken.getMessage());
        }
    }

    /**
     * Has a launcher perform an operation, and waits until it is done.
     *
     * @param op {@code scale}, {@code reload}, {@code restart}, {@code stop}, {@code start}, {@code delete}, {@code reset} or {@code signal}
     * @param which a type or id
     * @param change as {@link dev.pointsman.launcher.api.Operations#scale}, or the signal; empty for the others
     * @param batch as {@link dev.pointsman.launcher.api.Operations#reload}; 0 for the others
     */
    public static OperationResult operate(
            RunningLauncher launcher, String op, String which, String change, int batch, Consumer<String> progress) {
        ObjectNode request = JsonLines.JSON
                .createObjectNode()
                .put("op", op)
                .put("which", which)
                .put("change", change)
                .put("batch", batch);
        try (JsonLines lines = connect(launcher.socket())) {
            lines.write(request);
            for (JsonNode response = lines.next(); response != null; response = lines.next()) {
                if (response.has("done")) {
                    return new OperationResult(
                            response.path("done").asBoolean(),
                            response.path("sentence").asText());
                }
                progress.accept(response.path("progress").asText());
            }
            return new OperationResult(false, "launcher " + launcher.pid() + " ended before it was done");
        } catch (IOException broken) {
            return new OperationResult(
                    false, "launcher " + launcher.pid() + " cannot be asked: " + broken.getMessage());
        }
    }
}

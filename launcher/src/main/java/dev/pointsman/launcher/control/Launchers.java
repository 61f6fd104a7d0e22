package dev.pointsman.launcher.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pointsman.launcher.InstanceStatus;
import dev.pointsman.launcher.Operations.Result;
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

/** All live launchers of one user, as one. Blocks; for commands, not for event loops. */
public final class Launchers {
    /** What to say when there is none. */
    public static final String NONE = "no launcher is running (pointsman run starts one)";

    private final Path folder;
    private final long uid;
    private final Duration patience;

    /** @param patience how long a launcher may take to answer a list: it does so at once or hangs */
    public Launchers(Path folder, long uid, Duration patience) {
        this.folder = folder;
        this.uid = uid;
        this.patience = patience;
    }

    /**
     * Asks all launchers, at the same time.
     *
     * @param silent told of each that does not answer, in a sentence
     */
    public List<RunningLauncher> all(Consumer<String> silent) throws ControlException {
        if (!Files.exists(folder)) {
            return List.of();
        }
        PrivateFolder.check(folder, uid);
        Map<Long, FutureTask<@Nullable RunningLauncher>> asked = new TreeMap<>();
        try {
            Sockets.in(folder).forEach((pid, socket) -> asked.put(pid, ask(pid, socket)));
        } catch (IOException unreadable) {
            throw new ControlException(folder + " cannot be read: " + unreadable.getMessage());
        }
        List<RunningLauncher> answered = new ArrayList<>();
        for (Map.Entry<Long, FutureTask<@Nullable RunningLauncher>> each : asked.entrySet()) {
            RunningLauncher launcher = await(each.getKey(), each.getValue(), silent);
            if (launcher != null) {
                answered.add(launcher);
            }
        }
        return answered;
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
            return task.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException failed) {
            silent.accept("launcher " + pid + " did not answer: " + failed.getCause());
        } catch (TimeoutException hangs) {
            silent.accept("launcher " + pid + " does not answer (waited " + patience.toSeconds() + " s)");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        return null;
    }

    /** Null if nobody listens: a launcher that is just starting or ending, or one that was killed and left its socket. */
    private static @Nullable RunningLauncher list(long pid, Path socket) throws IOException {
        try (JsonLines lines = connect(socket)) {
            lines.write(JsonLines.JSON.createObjectNode().put("op", "list"));
            JsonNode answer = lines.next();
            if (answer == null) {
                return null;
            }
            List<String> types = new ArrayList<>();
            answer.path("types").forEach(type -> types.add(type.asText()));
            List<InstanceStatus> instances = new ArrayList<>();
            answer.path("instances").forEach(status -> instances.add(StatusJson.read(status)));
            JsonNode logs = answer.get("logs");
            return new RunningLauncher(pid, socket, types, logs == null ? null : Path.of(logs.asText()), instances);
        } catch (ConnectException nobody) {
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
     * The launcher that has a type or an instance.
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
     * Has a launcher do something, and waits until it is done.
     *
     * @param op {@code scale}, {@code reload}, {@code stop}, {@code start} or {@code delete}
     * @param which a type or id
     * @param change as {@link dev.pointsman.launcher.Operations#scale}; empty for the others
     * @param batch as {@link dev.pointsman.launcher.Operations#reload}; 0 for the others
     */
    public static Result operate(
            RunningLauncher launcher, String op, String which, String change, int batch, Consumer<String> progress) {
        ObjectNode request = JsonLines.JSON
                .createObjectNode()
                .put("op", op)
                .put("which", which)
                .put("change", change)
                .put("batch", batch);
        try (JsonLines lines = connect(launcher.socket())) {
            lines.write(request);
            for (JsonNode answer = lines.next(); answer != null; answer = lines.next()) {
                if (answer.has("done")) {
                    return new Result(
                            answer.path("done").asBoolean(),
                            answer.path("sentence").asText());
                }
                progress.accept(answer.path("progress").asText());
            }
            return new Result(false, "launcher " + launcher.pid() + " ended before it was done");
        } catch (IOException broken) {
            return new Result(false, "launcher " + launcher.pid() + " cannot be asked: " + broken.getMessage());
        }
    }
}

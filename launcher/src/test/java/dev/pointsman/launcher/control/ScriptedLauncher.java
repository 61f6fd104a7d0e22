package dev.pointsman.launcher.control;

import dev.pointsman.launcher.api.InstanceStatus;
import dev.pointsman.launcher.api.LastReplacement;
import dev.pointsman.launcher.api.OperationResult;
import dev.pointsman.launcher.api.Operations;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** A launcher without processes: records what it is asked, and responds as a test says. */
public final class ScriptedLauncher implements Operations {
    public final List<InstanceStatus> instances = new CopyOnWriteArrayList<>();
    public final List<String> asked = new CopyOnWriteArrayList<>();
    private final Map<String, CompletableFuture<OperationResult>> pending = new ConcurrentHashMap<>();

    public ScriptedLauncher with(InstanceStatus status) {
        instances.add(status);
        return this;
    }

    /** A running instance with an id made of type and port. */
    public static InstanceStatus running(String type, int port) {
        return status(type, port, InstanceStatus.InstanceState.RUNNING, "");
    }

    public static InstanceStatus status(String type, int port, InstanceStatus.InstanceState state, String reason) {
        boolean runs = state == InstanceStatus.InstanceState.RUNNING;
        return new InstanceStatus(
                type,
                0,
                type + "-" + port,
                runs ? 10_000 + port : 0,
                port,
                state,
                runs ? "passing" : "unknown",
                runs ? 0 : 3,
                reason,
                runs ? Duration.ofSeconds(192) : Duration.ZERO,
                runs ? 1.25 : 0,
                runs ? 45L << 20 : 0,
                runs ? null : new LastReplacement("exited with code 3", Instant.EPOCH));
    }

    /** From now on, an operation with these words stays under way until the result is there. */
    public CompletableFuture<OperationResult> hold(String words) {
        CompletableFuture<OperationResult> result = new CompletableFuture<>();
        pending.put(words, result);
        return result;
    }

    private CompletionStage<OperationResult> perform(String words, Consumer<String> progress) {
        asked.add(words);
        progress.accept(words + ": the first step");
        CompletableFuture<OperationResult> held = pending.remove(words);
        boolean good = !words.contains("bad");
        return held != null
                ? held
                : CompletableFuture.completedFuture(
                        new OperationResult(good, words + (good ? ": done" : ": cannot be")));
    }

    @Override
    public List<InstanceStatus> list() {
        return List.copyOf(instances);
    }

    @Override
    public CompletionStage<OperationResult> scale(String type, String change, Consumer<String> progress) {
        return perform("scale " + type + " " + change, progress);
    }

    @Override
    public CompletionStage<OperationResult> reload(String type, int batch, Consumer<String> progress) {
        return perform("reload " + type + " " + batch, progress);
    }

    @Override
    public CompletionStage<OperationResult> restart(String typeOrId, Consumer<String> progress) {
        return perform("restart " + typeOrId, progress);
    }

    @Override
    public CompletionStage<OperationResult> signal(String typeOrId, String signal) {
        return perform("signal " + typeOrId + " " + signal, unusedStep -> {});
    }

    @Override
    public CompletionStage<OperationResult> reset(String typeOrId) {
        return perform("reset " + typeOrId, unusedStep -> {});
    }

    @Override
    public CompletionStage<OperationResult> stop(String typeOrId, Consumer<String> progress) {
        return perform("stop " + typeOrId, progress);
    }

    @Override
    public CompletionStage<OperationResult> start(String typeOrId, Consumer<String> progress) {
        return perform("start " + typeOrId, progress);
    }

    @Override
    public CompletionStage<OperationResult> delete(String typeOrId, Consumer<String> progress) {
        return perform("delete " + typeOrId, progress);
    }
}

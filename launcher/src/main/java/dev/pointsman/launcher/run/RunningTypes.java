package dev.pointsman.launcher.run;

import dev.pointsman.launcher.api.InstanceCounts;
import dev.pointsman.launcher.api.InstanceStatus;
import dev.pointsman.launcher.api.OperationResult;
import dev.pointsman.launcher.plan.Scale;
import dev.pointsman.launcher.plan.ServicePlan;
import dev.pointsman.launcher.process.ChildProcess;
import dev.pointsman.launcher.process.ProcessSignal;
import dev.pointsman.launcher.process.Usage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * The types of a launcher: finds the type, or the slots of a type, that an operation is for, and performs it. Confined to the
 * launcher's loop.
 */
public final class RunningTypes {
    private final Map<String, RunningType> types = new LinkedHashMap<>();
    private final LauncherContext context;
    private final Runnable changed;

    private interface OnType {
        CompletionStage<OperationResult> of(RunningType type);
    }

    private interface OnSlots {
        CompletionStage<OperationResult> of(RunningType type, List<Slot> slots);
    }

    /**
     * A set without a type.
     *
     * @param changed run when a slot is given up or a type deleted
     */
    public RunningTypes(LauncherContext context, Runnable changed) {
        this.context = context;
        this.changed = changed;
    }

    /** Adds a type; none of its instances is started before {@link #startAll}. */
    public void add(ServicePlan plan) {
        types.put(plan.type(), new RunningType(plan, context, changed));
    }

    public boolean isEmpty() {
        return types.isEmpty();
    }

    /** Starts the planned number of instances of every type; completes when each is up or has failed once. */
    public CompletionStage<OperationResult> startAll() {
        return onAll(type -> {
            context.view().follow(type.plan().type());
            type.followSchedule();
            return type.grow(type.plan().instances());
        });
    }

    /** See {@link dev.pointsman.launcher.api.Operations#scale}. */
    public CompletionStage<OperationResult> scale(String name, Scale change, Consumer<String> progress) {
        return on(name, type -> type.scale(change, progress));
    }

    /** See {@link dev.pointsman.launcher.api.Operations#reload}. */
    public CompletionStage<OperationResult> reload(String name, int batch, Consumer<String> progress) {
        return on(
                name,
                type -> type.reload(batch > 0 ? batch : type.plan().options().batch(), "reload", progress));
    }

    /** Reloads every type, all at the same time; done when each is. */
    public CompletionStage<OperationResult> reloadAll(Consumer<String> progress) {
        return onAll(type -> type.reload(type.plan().options().batch(), "reload", progress));
    }

    /** See {@link dev.pointsman.launcher.api.Operations#stop}. */
    public CompletionStage<OperationResult> stop(String typeOrId, Consumer<String> progress) {
        return onSlots(typeOrId, (type, slots) -> type.stop(slots, "stopped by hand", new GracefulStop(true, progress))
                .thenApply(over -> new OperationResult(true, "Stopped " + typeOrId + ".")));
    }

    /** See {@link dev.pointsman.launcher.api.Operations#start}. */
    public CompletionStage<OperationResult> start(String typeOrId, Consumer<String> progress) {
        return onSlots(typeOrId, (type, slots) -> type.start(slots, progress));
    }

    /** See {@link dev.pointsman.launcher.api.Operations#delete}. */
    public CompletionStage<OperationResult> delete(String typeOrId, Consumer<String> progress) {
        return onSlots(typeOrId, (type, slots) -> type.remove(slots, "deleted by hand", progress)
                .thenApply(over -> {
                    if (type.slots().isEmpty()) {
                        String name = type.plan().type();
                        types.remove(name, type);
                        type.forget();
                        context.view().forget(name);
                        changed.run();
                    }
                    return new OperationResult(true, "Deleted " + typeOrId + ".");
                }));
    }

    /** See {@link dev.pointsman.launcher.api.Operations#restart}. */
    public CompletionStage<OperationResult> restart(String typeOrId, Consumer<String> progress) {
        return onSlots(typeOrId, (type, slots) -> type.restart(slots, progress));
    }

    /** See {@link dev.pointsman.launcher.api.Operations#reset}. */
    public CompletionStage<OperationResult> reset(String typeOrId) {
        return find(typeOrId)
                .map(found -> reset(typeOrId, found))
                .orElseGet(() -> unknown("type or instance " + typeOrId));
    }

    private static CompletionStage<OperationResult> reset(String typeOrId, FoundSlots found) {
        found.slots().forEach(Slot::reset);
        return CompletableFuture.completedFuture(
                new OperationResult(true, "The restarts of " + typeOrId + " count from 0."));
    }

    /**
     * Sends a signal to the process of each instance; not in turn, as it is meant for what runs now. See
     * {@link dev.pointsman.launcher.api.Operations#signal}.
     */
    public CompletionStage<OperationResult> signal(String typeOrId, ProcessSignal signal) {
        return find(typeOrId)
                .map(found -> signal(typeOrId, signal, found))
                .orElseGet(() -> unknown("type or instance " + typeOrId));
    }

    private static CompletionStage<OperationResult> signal(String typeOrId, ProcessSignal signal, FoundSlots found) {
        List<ChildProcess> running = new ArrayList<>();
        for (Slot slot : found.slots()) {
            ManagedInstance instance = slot.current();
            ChildProcess child = instance == null ? null : instance.child();
            if (child != null) {
                running.add(child);
            }
        }
        long sent = running.stream().filter(child -> child.signal(signal)).count();
        return CompletableFuture.completedFuture(
                sent > 0
                        ? new OperationResult(
                                true, "SIG" + signal + " sent to " + Messages.count((int) sent, "instance") + ".")
                        : new OperationResult(
                                false, "no process of " + typeOrId + " could be sent SIG" + signal + "."));
    }

    private record FoundSlots(RunningType type, List<Slot> slots) {}

    private Optional<FoundSlots> find(String typeOrId) {
        RunningType named = types.get(typeOrId);
        if (named != null) {
            return Optional.of(new FoundSlots(named, named.slots()));
        }
        return types.values().stream()
                .flatMap(type -> type.slot(typeOrId).map(slot -> new FoundSlots(type, List.of(slot))).stream())
                .findFirst();
    }

    private CompletionStage<OperationResult> on(String name, OnType operation) {
        RunningType type = types.get(name);
        return type == null ? unknown("type " + name) : type.inTurn(() -> operation.of(type));
    }

    /** Performs an operation on all slots of a type, or on the slot of one instance. */
    private CompletionStage<OperationResult> onSlots(String typeOrId, OnSlots operation) {
        RunningType named = types.get(typeOrId);
        if (named != null) {
            // Its slots as they are when it is its turn.
            return named.inTurn(() -> operation.of(named, named.slots()));
        }
        return find(typeOrId)
                .map(found -> found.type().inTurn(() -> operation.of(found.type(), found.slots())))
                .orElseGet(() -> unknown("type or instance " + typeOrId));
    }

    private CompletionStage<OperationResult> unknown(String what) {
        return CompletableFuture.completedFuture(new OperationResult(
                false, "There is no " + what + "; the types are " + String.join(", ", types.keySet()) + "."));
    }

    /** Performs an operation on every type at the same time; the result has the sentences of all of them. */
    private CompletionStage<OperationResult> onAll(OnType operation) {
        List<CompletableFuture<OperationResult>> results = types.values().stream()
                .map(type -> type.inTurn(() -> operation.of(type)).toCompletableFuture())
                .toList();
        return CompletableFuture.allOf(results.toArray(CompletableFuture[]::new))
                .thenApply(done -> {
                    boolean good =
                            results.stream().allMatch(result -> result.join().done());
                    List<String> sentences = results.stream()
                            .map(result -> result.join().sentence())
                            .toList();
                    return new OperationResult(good, String.join(" ", sentences));
                });
    }

    /** Stops every instance for good; completes when no process is left. */
    public CompletableFuture<Void> end(String why) {
        return CompletableFuture.allOf(types.values().stream()
                .map(type -> type.end(why).toCompletableFuture())
                .toArray(CompletableFuture[]::new));
    }

    /** Whether no instance runs, or will be started again by itself; also if there is no type. */
    public boolean areAllGivenUp() {
        return types.values().stream().allMatch(RunningType::isGivenUp);
    }

    public boolean isAnyGivenUp() {
        return types.values().stream().anyMatch(RunningType::isGivenUp);
    }

    /** The processes of all instances. */
    public List<ChildProcess> children() {
        List<ChildProcess> children = new ArrayList<>();
        types.values().forEach(type -> children.addAll(type.children()));
        return children;
    }

    /** Takes the usage of each process, by process id; an instance that uses too much memory is replaced. */
    public void used(Map<Long, Usage> usage) {
        List.copyOf(types.values()).forEach(type -> type.used(usage));
    }

    /** See {@link dev.pointsman.launcher.api.Operations#list}. */
    public List<InstanceStatus> status(Instant now) {
        return types.values().stream()
                .flatMap(type -> type.status(now).stream())
                .toList();
    }

    /** The counts of each type, by its name. */
    public Map<String, InstanceCounts> counts() {
        Map<String, InstanceCounts> counts = new TreeMap<>();
        types.forEach((name, type) -> counts.put(name, type.counts()));
        return counts;
    }
}

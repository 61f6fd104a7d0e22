package dev.pointsman.launcher.run;

import dev.pointsman.launcher.api.InstanceCounts;
import dev.pointsman.launcher.api.InstanceStatus;
import dev.pointsman.launcher.api.OperationResult;
import dev.pointsman.launcher.plan.CronSchedule;
import dev.pointsman.launcher.plan.Scale;
import dev.pointsman.launcher.plan.ServicePlan;
import dev.pointsman.launcher.process.ChildProcess;
import dev.pointsman.launcher.process.Usage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A type of a launcher: its slots, and the operations on them, one after the other. Confined to the launcher's loop. */
final class RunningType {
    private static final Logger LOG = LoggerFactory.getLogger(RunningType.class);

    private final ServicePlan plan;
    private final LauncherContext context;
    private final Runnable givenUp;
    private final InstanceCounters counters = new InstanceCounters();
    private final List<Slot> slots = new ArrayList<>();
    private CompletableFuture<?> queue = CompletableFuture.completedFuture(null);
    private boolean stopping;
    private boolean replacing;
    private final @Nullable ScheduledReload schedule;
    private boolean scheduledReloadWaits;

    /** @param givenUp run when a slot is given up */
    RunningType(ServicePlan plan, LauncherContext context, Runnable givenUp) {
        this.plan = plan;
        this.context = context;
        this.givenUp = givenUp;
        CronSchedule times = plan.restart().schedule();
        this.schedule = times == null
                ? null
                : new ScheduledReload(times, context.clock(), context.loop(), this::reloadOnSchedule);
    }

    /** Begins to be reloaded at the times of the plan's schedule, if it has one; until {@link #end} or {@link #forget}. */
    void followSchedule() {
        if (schedule != null) {
            schedule.begin();
        }
    }

    /** Notes that the type is deleted. */
    void forget() {
        if (schedule != null) {
            schedule.stop();
        }
    }

    private void reloadOnSchedule() {
        if (scheduledReloadWaits) {
            LOG.warn("{} is not reloaded on schedule: the reload before is not done.", plan.type());
            return;
        }
        scheduledReloadWaits = true;
        LOG.info("{} is reloaded on schedule.", plan.type());
        CompletionStage<OperationResult> reloaded =
                inTurn(() -> reload(plan.options().batch(), "scheduled reload", step -> LOG.info("{}", step)));
        context.loop().then(reloaded, result -> {
            scheduledReloadWaits = false;
            if (result.done()) {
                LOG.info("{}", result.sentence());
            } else {
                LOG.error("{}", result.sentence());
            }
        });
    }

    /** Performs an operation once the operations before it are over. */
    CompletionStage<OperationResult> inTurn(Supplier<CompletionStage<OperationResult>> operation) {
        CompletableFuture<OperationResult> done = queue.handle((before, failure) -> null)
                .thenCompose(turn -> stopping
                        ? CompletableFuture.completedFuture(new OperationResult(false, "The launcher is stopping."))
                        : operation.get());
        queue = done;
        return done;
    }

    /** Fills slots up to a number; completes with the result when each is up, or has failed once. */
    CompletionStage<OperationResult> grow(int number) {
        List<CompletableFuture<@Nullable InstanceFailure>> starts = new ArrayList<>();
        while (slots.size() < number) {
            Slot slot = new Slot(plan, lowestFreeNumber(), context, counters, givenUp);
            slots.add(slot);
            starts.add(slot.start().toCompletableFuture());
        }
        return allUp(starts);
    }

    private int lowestFreeNumber() {
        int number = 0;
        for (boolean taken = true; taken; ) {
            int candidate = number;
            taken = slots.stream().anyMatch(slot -> slot.number() == candidate);
            number += taken ? 1 : 0;
        }
        return number;
    }

    /** Fills those of some slots that are empty; completes as {@link #grow}. */
    CompletionStage<OperationResult> start(List<Slot> which, Consumer<String> progress) {
        List<Slot> empty = which.stream().filter(slot -> slot.current() == null).toList();
        if (empty.isEmpty()) {
            String sentence = which.isEmpty()
                    ? plan.type() + " has no instance to start; scale gives it some."
                    : "There was nothing to start: " + Messages.count(which.size(), "instance") + " of " + plan.type()
                            + (which.size() == 1 ? " runs." : " run.");
            return result(true, sentence);
        }
        return allUp(empty.stream().map(slot -> slot.start(progress)).toList());
    }

    private CompletionStage<OperationResult> allUp(List<CompletableFuture<@Nullable InstanceFailure>> starts) {
        return CompletableFuture.allOf(starts.toArray(CompletableFuture[]::new)).thenApply(all -> {
            List<InstanceFailure> failures = starts.stream()
                    .map(CompletableFuture::join)
                    .filter(Objects::nonNull)
                    .toList();
            if (failures.isEmpty()) {
                return new OperationResult(
                        true, Messages.count(starts.size(), "instance") + " of " + plan.type() + " started.");
            }
            return new OperationResult(
                    false,
                    failures.size() + " of " + Messages.count(starts.size(), "instance") + " of " + plan.type()
                            + " did not come up; the first one "
                            + failures.get(0).reason() + ".");
        });
    }

    CompletionStage<OperationResult> scale(Scale change, Consumer<String> progress) {
        int before = slots.size();
        int number = change.from(before);
        if (number >= before) {
            return grow(number)
                    .thenApply(grown -> grown.done() ? new OperationResult(true, scaled(before, number)) : grown);
        }
        // Empty slots first, and of the others the last ones.
        List<Slot> removed = new ArrayList<>();
        List<Slot> lastFirst = new ArrayList<>(slots);
        Collections.reverse(lastFirst);
        lastFirst.stream().filter(slot -> slot.current() == null).forEach(removed::add);
        lastFirst.stream().filter(slot -> slot.current() != null).forEach(removed::add);
        return remove(removed.subList(0, before - number), "scaled down to " + number, progress)
                .thenApply(done -> new OperationResult(true, scaled(before, number)));
    }

    private String scaled(int before, int number) {
        return plan.type() + " has " + Messages.count(number, "instance") + " now; it had " + before + ".";
    }

    /** Replaces the instances that run or should run, some at a time; ends with the first that does not come up. */
    CompletionStage<OperationResult> reload(int batch, String why, Consumer<String> progress) {
        List<Slot> all = slots.stream().filter(slot -> !slot.isStopped()).toList();
        replacing = true;
        return reload(all, 0, Math.max(1, batch), why, progress).whenComplete((done, failure) -> replacing = false);
    }

    private CompletionStage<OperationResult> reload(
            List<Slot> all, int done, int batch, String why, Consumer<String> progress) {
        if (done >= all.size()) {
            counters.reloads++;
            return result(true, Messages.count(all.size(), "instance") + " of " + plan.type() + " replaced.");
        }
        if (stopping) {
            return result(false, "The launcher is stopping; " + done + " of " + all.size() + " were replaced.");
        }
        int end = Math.min(all.size(), done + batch);
        List<CompletableFuture<@Nullable String>> group = all.subList(done, end).stream()
                .map(slot -> new RollingReplacement(slot, context, why, true, progress)
                        .begin()
                        .toCompletableFuture())
                .toList();
        return CompletableFuture.allOf(group.toArray(CompletableFuture[]::new)).thenCompose(over -> {
            List<String> failures = group.stream()
                    .map(CompletableFuture::join)
                    .filter(Objects::nonNull)
                    .toList();
            int replaced = done + group.size() - failures.size();
            return failures.isEmpty()
                    ? reload(all, end, batch, why, progress)
                    : result(
                            false,
                            "Reloading " + plan.type() + " was stopped: " + failures.get(0) + ". " + replaced + " of "
                                    + all.size() + " were replaced; the others go on as they were.");
        });
    }

    /** See {@link OneByOneRestart}. */
    CompletionStage<OperationResult> restart(List<Slot> which, Consumer<String> progress) {
        return new OneByOneRestart(plan.type(), which, () -> stopping, progress).begin();
    }

    private static CompletionStage<OperationResult> result(boolean done, String sentence) {
        return CompletableFuture.completedFuture(new OperationResult(done, sentence));
    }

    CompletionStage<Void> stop(List<Slot> which, String why, GracefulStop graceful) {
        return CompletableFuture.allOf(which.stream()
                .map(slot -> slot.stop(why, graceful).toCompletableFuture())
                .toArray(CompletableFuture[]::new));
    }

    CompletionStage<Void> remove(List<Slot> which, String why, Consumer<String> progress) {
        List<Slot> removed = List.copyOf(which);
        return stop(removed, why, new GracefulStop(true, progress)).thenRun(() -> slots.removeAll(removed));
    }

    /** Stops every instance for good: no operation is performed any more. */
    CompletionStage<Void> end(String why) {
        stopping = true;
        forget();
        return stop(List.copyOf(slots), why, new GracefulStop(false, sentence -> {}));
    }

    /** Takes the usage of each process, by process id; an instance that uses too much memory is replaced. */
    void used(Map<Long, Usage> usage) {
        for (Slot slot : List.copyOf(slots)) {
            slot.instances().forEach(instance -> instance.uses(usage.getOrDefault(instance.pid(), new Usage(0, 0))));
            ManagedInstance instance = slot.current();
            long limit = plan.options().maxMemory();
            if (limit > 0
                    && instance != null
                    && instance.phase() == ManagedInstance.InstancePhase.UP
                    && instance.usage().memory() > limit
                    && !replacing) {
                tooMuchMemory(slot, instance, limit);
            }
        }
    }

    private void tooMuchMemory(Slot slot, ManagedInstance instance, long limit) {
        String why = "it uses " + mebibytes(instance.usage().memory()) + " MiB, more than " + mebibytes(limit) + " MiB";
        LOG.warn("{} is replaced: {}.", instance.id(), why);
        replacing = true;
        CompletionStage<OperationResult> replaced =
                inTurn(() -> new RollingReplacement(slot, context, why, false, sentence -> {})
                        .begin()
                        .thenApply(failure -> new OperationResult(failure == null, String.valueOf(failure))));
        context.loop().then(replaced, result -> {
            if (!result.done()) {
                LOG.error("{} could not be replaced: {}. It goes on for now.", instance.id(), result.sentence());
            }
            // Not again at once: should the new one need as much memory, it is to serve for some time at least.
            context.loop().after(plan.restart().minUptime(), () -> replacing = false);
        });
    }

    private static long mebibytes(long bytes) {
        return bytes / (1024 * 1024);
    }

    ServicePlan plan() {
        return plan;
    }

    List<Slot> slots() {
        return List.copyOf(slots);
    }

    Optional<Slot> slot(String id) {
        return slots.stream().filter(slot -> slot.isOf(id)).findFirst();
    }

    List<ChildProcess> children() {
        List<ChildProcess> children = new ArrayList<>();
        for (Slot slot : slots) {
            for (ManagedInstance instance : slot.instances()) {
                ChildProcess child = instance.child();
                if (child != null) {
                    children.add(child);
                }
            }
        }
        return children;
    }

    /** Whether no instance of it runs, or will be started again by itself. */
    boolean isGivenUp() {
        return !slots.isEmpty() && slots.stream().allMatch(Slot::isGivenUp);
    }

    List<InstanceStatus> status(Instant now) {
        return slots.stream().flatMap(slot -> slot.status(now).stream()).toList();
    }

    InstanceCounts counts() {
        return counters.counts();
    }
}

package dev.pointsman.launcher.run;

import dev.pointsman.launcher.api.InstanceStatus;
import dev.pointsman.launcher.api.InstanceStatus.InstanceState;
import dev.pointsman.launcher.api.LastReplacement;
import dev.pointsman.launcher.loop.Loop;
import dev.pointsman.launcher.plan.ServicePlan;
import dev.pointsman.registry.OneLine;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One of the N slots of a type: has one instance, restarts it when it fails, and holds a second one while the first is
 * being replaced. Confined to the launcher's loop.
 */
final class Slot implements ManagedInstance.InstanceOwner {
    /** Characters of a line of an instance's output in the log. */
    private static final int LONGEST_LINE = 400;

    private static final Logger LOG = LoggerFactory.getLogger(Slot.class);

    private enum Wanted {
        RUNNING,
        STOPPED,
        GIVEN_UP
    }

    private final ServicePlan plan;
    private final int number;
    private final LauncherContext context;
    private final InstanceCounters counters;
    private final RestartPolicy policy;
    private final Runnable givenUp;
    private final List<ManagedInstance> stopping = new ArrayList<>();

    private Wanted wanted = Wanted.STOPPED;
    private @Nullable ManagedInstance current;
    private @Nullable ManagedInstance replacement;
    private Loop.@Nullable LoopTimer nextStart;
    private int restarts;
    private @Nullable LastReplacement lastReplaced;
    private String lastId = "";
    private String reason = "";

    /**
     * An empty slot.
     *
     * @param number which of the slots of its type it is, from 0
     * @param givenUp run when the slot's instance is not restarted any more
     */
    Slot(ServicePlan plan, int number, LauncherContext context, InstanceCounters counters, Runnable givenUp) {
        this.plan = plan;
        this.number = number;
        this.context = context;
        this.counters = counters;
        this.givenUp = givenUp;
        this.policy = new RestartPolicy(plan.options().maxRestarts(), plan.restart());
    }

    /**
     * Starts an instance, and restarts it from then on when it fails; nothing if there is one.
     *
     * @return completes with null once the instance is up, or with why the first start failed; never fails
     */
    CompletionStage<@Nullable InstanceFailure> start() {
        if (wanted != Wanted.RUNNING) {
            wanted = Wanted.RUNNING;
            policy.reset();
        }
        if (current == null && replacement == null) {
            startCurrent();
        }
        ManagedInstance instance = current == null ? replacement : current;
        return instance == null ? CompletableFuture.completedFuture(null) : instance.up();
    }

    /** Does {@link #start()}, and reports the new instance's id, which is another than before. */
    CompletableFuture<@Nullable InstanceFailure> start(Consumer<String> progress) {
        return start().thenApply(failure -> {
                    ManagedInstance instance = current;
                    if (failure == null && instance != null) {
                        progress.accept(instance.id() + " is up.");
                    }
                    return failure;
                })
                .toCompletableFuture();
    }

    private void startCurrent() {
        cancelNextStart();
        ManagedInstance instance = new ManagedInstance(plan, number, context, counters, this);
        current = instance;
        instance.start();
    }

    /**
     * Starts a second instance beside the current one. It becomes the current one by {@link #switchTo}; if it fails before,
     * the current one stays.
     */
    ManagedInstance startReplacement() {
        cancelNextStart();
        wanted = Wanted.RUNNING;
        ManagedInstance instance = new ManagedInstance(plan, number, context, counters, this);
        replacement = instance;
        instance.start();
        return instance;
    }

    /**
     * Makes the new instance the current one; the caller is to stop the old one, which is returned, if there is any.
     *
     * @param why the old one is replaced
     * @param asked whether a user asked for it; if not, it counts as a restart
     */
    @Nullable
    ManagedInstance switchTo(ManagedInstance fresh, String why, boolean asked) {
        ManagedInstance old = current;
        if (replacement == fresh) {
            replacement = null;
            current = fresh;
            reason = "";
            if (!asked) {
                restarts++;
                counters.restarts++;
            }
            lastReplaced = new LastReplacement(why, context.clock().instant());
        }
        if (old != null && old != fresh) {
            stopping.add(old);
            return old;
        }
        return null;
    }

    /** Stops a new instance that is up and cannot be used. */
    CompletionStage<Void> discard(ManagedInstance fresh, GracefulStop graceful) {
        if (replacement == fresh) {
            replacement = null;
            stopping.add(fresh);
            restartIfEmpty();
        }
        return fresh.stopGracefully("its replacement was called off", graceful);
    }

    /**
     * Stops the instance, and starts no other.
     *
     * @return completes when no process of the slot is left
     */
    CompletionStage<Void> stop(String why, GracefulStop graceful) {
        if (wanted == Wanted.RUNNING) {
            wanted = Wanted.STOPPED;
            reason = why;
        }
        cancelNextStart();
        List<CompletableFuture<Void>> all = new ArrayList<>();
        moveToStopping();
        for (ManagedInstance instance : List.copyOf(stopping)) {
            all.add(instance.stopGracefully(why, graceful).toCompletableFuture());
        }
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new));
    }

    private void moveToStopping() {
        if (current != null) {
            stopping.add(current);
            current = null;
        }
        if (replacement != null) {
            stopping.add(replacement);
            replacement = null;
        }
    }

    @Override
    public void up(ManagedInstance instance) {
        lastId = instance.id();
        if (instance == current) {
            reason = "";
        }
    }

    @Override
    public void failed(ManagedInstance instance, InstanceFailure failure) {
        lastId = instance.id();
        stopping.add(instance);
        if (instance == replacement) {
            replacement = null;
            LOG.warn("The new instance {} {}.", instance.id(), failure.reason());
            restartIfEmpty();
        } else if (instance == current) {
            current = null;
            reason = failure.reason();
            currentFailed(instance, failure);
        }
    }

    /** Ends a failed replacement: if the current instance failed meanwhile, it is restarted as without a replacement. */
    private void restartIfEmpty() {
        if (current == null && nextStart == null && wanted == Wanted.RUNNING) {
            restart(new InstanceFailure(reason, false, Duration.ZERO, List.of(), null));
        }
    }

    private void currentFailed(ManagedInstance instance, InstanceFailure failure) {
        if (wanted != Wanted.RUNNING) {
            return;
        }
        if (replacement != null) {
            LOG.warn("{} {}; its replacement is being started already.", instance.id(), failure.reason());
            return;
        }
        Integer exitCode = failure.exitCode();
        if (exitCode != null && plan.restart().stopExitCodes().contains(exitCode)) {
            wanted = Wanted.STOPPED;
            reason = "exited with code " + exitCode + ", after which it stays stopped (stop-exit-codes)";
            LOG.info("{} {}.", instance.id(), reason);
            return;
        }
        LOG.warn("{} {}.{}", instance.id(), failure.reason(), lastLines(failure));
        restart(failure);
    }

    private void restart(InstanceFailure failure) {
        RestartPolicy.Decision decision = policy.failed(failure.upFor());
        if (decision.givesUp()) {
            wanted = Wanted.GIVEN_UP;
            reason =
                    "given up after " + Messages.count(policy.failures(), "failure") + " in a row: " + failure.reason();
            LOG.error("{} of type {} is {}.", lastId, plan.type(), reason);
            givenUp.run();
            return;
        }
        restarts++;
        counters.restarts++;
        lastReplaced = new LastReplacement(failure.reason(), context.clock().instant());
        if (decision.pause().isZero()) {
            startCurrent();
        } else {
            nextStart = context.loop().after(decision.pause(), this::startCurrent);
        }
    }

    private static String lastLines(InstanceFailure failure) {
        return failure.lastLines().isEmpty()
                ? ""
                : " The last lines of its output:\n    "
                        + failure.lastLines().stream()
                                .map(line -> OneLine.of(line, LONGEST_LINE))
                                .collect(Collectors.joining("\n    "));
    }

    @Override
    public void ended(ManagedInstance instance) {
        stopping.remove(instance);
        if (instance == current) {
            current = null;
        }
    }

    private void cancelNextStart() {
        if (nextStart != null) {
            nextStart.cancel();
            nextStart = null;
        }
    }

    /** Which of the slots of its type it is, from 0. */
    int number() {
        return number;
    }

    /** Notes that the instance takes the place of one that a user had stopped for it. */
    void restarted() {
        lastReplaced = new LastReplacement("restart", context.clock().instant());
    }

    /** Has its restarts count from 0 again, and forgets the failures before. */
    void reset() {
        restarts = 0;
        lastReplaced = null;
        policy.reset();
    }

    boolean isGivenUp() {
        return wanted == Wanted.GIVEN_UP;
    }

    boolean isStopped() {
        return wanted == Wanted.STOPPED;
    }

    /** The instance of the slot, or null; never an instance that is being stopped. */
    @Nullable
    ManagedInstance current() {
        return current;
    }

    /** Whether the slot's present or last instance has this id. */
    boolean isOf(String id) {
        return current != null ? current.id().equals(id) : lastId.equals(id);
    }

    /** Every instance of the slot, those being stopped and a replacement included. */
    List<ManagedInstance> instances() {
        List<ManagedInstance> instances = new ArrayList<>(stopping);
        if (current != null) {
            instances.add(current);
        }
        if (replacement != null) {
            instances.add(replacement);
        }
        return instances;
    }

    /** The status of each of its instances; one at least, also of an empty slot. */
    List<InstanceStatus> status(Instant now) {
        List<InstanceStatus> lines = new ArrayList<>();
        boolean stops = wanted == Wanted.STOPPED && !stopping.isEmpty();
        if (current != null) {
            lines.add(StatusFactory.of(current, restarts, reason, lastReplaced, now));
        } else if (replacement == null && !stops) {
            InstanceState state =
                    switch (wanted) {
                        case RUNNING -> InstanceState.BACKOFF;
                        case STOPPED -> InstanceState.STOPPED;
                        case GIVEN_UP -> InstanceState.FAILED;
                    };
            lines.add(StatusFactory.empty(plan.type(), number, lastId, state, restarts, reason, lastReplaced));
        }
        if (replacement != null) {
            lines.add(StatusFactory.of(replacement, restarts, "", lastReplaced, now));
        }
        stopping.stream()
                .filter(instance -> instance.child() != null)
                .map(instance -> StatusFactory.of(instance, restarts, instance.reason(), lastReplaced, now))
                .forEach(lines::add);
        return lines;
    }
}

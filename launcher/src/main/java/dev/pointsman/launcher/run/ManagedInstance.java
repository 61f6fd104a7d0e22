package dev.pointsman.launcher.run;

import dev.pointsman.launcher.plan.ServicePlan;
import dev.pointsman.launcher.process.ChildProcess;
import dev.pointsman.launcher.process.ProcessSignal;
import dev.pointsman.launcher.process.Usage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One instance, from its start (see {@link Startup}) until no process of it is left. Confined to the launcher's loop.
 *
 * <pre>
 *   STARTING -- responds on its own port --> UP -- stopGracefully --> DRAINING -- idle --> STOPPING --> ENDED
 *      |  ^                                   |                                               ^
 *      |  '-- port lost                       | exit, unhealthy                               |
 *      '------- exit, too slow ---------------'-----------------------------------------------'
 * </pre>
 */
public final class ManagedInstance implements Startup.StartupOwner {
    /** The phase of an instance's life. */
    enum InstancePhase {
        STARTING,
        UP,
        DRAINING,
        STOPPING,
        ENDED
    }

    /** The receiver of the events of an instance. */
    public interface InstanceOwner {
        /** Called when the instance responds and its registration was sent. */
        void up(ManagedInstance instance);

        /** Called when the instance has ended, or is being ended, without having been asked to; once at most. */
        void failed(ManagedInstance instance, InstanceFailure failure);

        /** Called when no process of the instance is left. */
        void ended(ManagedInstance instance);
    }

    private static final Logger LOG = LoggerFactory.getLogger(ManagedInstance.class);

    private final ServicePlan plan;
    private final int number;
    private final LauncherContext context;
    private final InstanceOwner owner;
    private final InstanceCounters counters;
    private final Startup startup;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final CompletableFuture<@Nullable InstanceFailure> up = new CompletableFuture<>();

    private InstancePhase phase = InstancePhase.STARTING;
    private Usage usage = new Usage(0, 0);
    private String reason = "";
    private boolean registered;
    private boolean reported;
    private long upSince;
    private @Nullable Integer exitCode;

    /**
     * An instance that has no process before {@link #start()}.
     *
     * @param number which of the instances of its type it is, from 0
     */
    public ManagedInstance(
            ServicePlan plan, int number, LauncherContext context, InstanceCounters counters, InstanceOwner owner) {
        this.plan = plan;
        this.number = number;
        this.context = context;
        this.counters = counters;
        this.owner = owner;
        this.startup = new Startup(plan, number, context, counters, this);
    }

    /** Starts the instance. To be called once. */
    public void start() {
        startup.begin();
    }

    @Override
    public boolean isWanted() {
        return phase == InstancePhase.STARTING;
    }

    @Override
    public void spawned(ChildProcess child) {
        context.loop().then(child.exit(), code -> exited(child, code));
    }

    @Override
    public void failed(String why) {
        fail(why);
        finish();
    }

    @Override
    public void abandoned() {
        finish();
    }

    @Override
    public void responds(ChildProcess process) {
        registered = true;
        context.loop()
                .then(
                        context.registrations().keep(RegistrationFactory.of(plan, context, id(), port(), process)),
                        attempted -> {
                            if (startup.isStill(process)) {
                                isUp();
                            }
                        });
    }

    private void isUp() {
        phase = InstancePhase.UP;
        upSince = context.loop().nanos();
        LOG.info("{} is up, process {}.", id(), pid());
        startup.isUp();
        owner.up(this);
        up.complete(null);
    }

    @Override
    public void unhealthy(ChildProcess process, String why) {
        if (child() == process && phase == InstancePhase.UP) {
            counters.stops++;
            fail("failed " + plan.options().unhealthyAfter() + " checks in a row: " + why);
            finish();
        }
    }

    private void exited(ChildProcess process, int code) {
        if (child() != process || phase == InstancePhase.STOPPING || phase == InstancePhase.ENDED) {
            return;
        }
        exitCode = code;
        if (phase == InstancePhase.STARTING && !registered) {
            startup.exited(process, code);
            return;
        }
        if (phase == InstancePhase.UP || phase == InstancePhase.STARTING) {
            counters.exits++;
            fail(Messages.exit(code));
        }
        finish();
    }

    /** Deregisters the instance and reports the failure to the owner; {@link #finish} ends the process. */
    private void fail(String why) {
        reason = why;
        boolean wasUp = phase == InstancePhase.UP;
        Duration upFor = wasUp ? Duration.ofNanos(context.loop().nanos() - upSince) : Duration.ZERO;
        phase = InstancePhase.STOPPING;
        deregister();
        if (!wasUp) {
            counters.failedStarts++;
        }
        if (!reported) {
            reported = true;
            ChildProcess child = child();
            InstanceFailure failure = new InstanceFailure(
                    why, wasUp, upFor, wasUp || child == null ? List.of() : child.lastLines(), exitCode);
            owner.failed(this, failure);
            up.complete(failure);
        }
    }

    /**
     * Deregisters the instance, waits until it is idle at every balancer, and ends it: see {@link GracefulStop}.
     *
     * @return completes when no process of it is left
     */
    public CompletionStage<Void> stopGracefully(String why) {
        return stopGracefully(why, new GracefulStop(false, sentence -> {}));
    }

    /**
     * Takes the instance out of service, waits until it is idle at every balancer, deregisters it, and ends it with the stop signal
     * and at last SIGKILL.
     *
     * @param graceful how it leaves the registry
     * @return completes when no process of it is left
     */
    CompletionStage<Void> stopGracefully(String why, GracefulStop graceful) {
        if (phase == InstancePhase.UP) {
            phase = InstancePhase.DRAINING;
            reason = why;
            counters.stops++;
            LOG.info("{} is drained and stopped: {}.", id(), why);
            startup.stop();
            // Deregistered before it ends, so that a client that reads the registry at that moment does not find it.
            context.loop()
                    .then(graceful.of(this, context).thenCompose(idle -> deregister()), (done, failure) -> finish());
        } else if (phase == InstancePhase.STARTING) {
            phase = InstancePhase.STOPPING;
            reason = why;
            counters.stops++;
            reported = true;
            up.complete(new InstanceFailure("was asked to end", false, Duration.ZERO, List.of(), null));
            if (child() != null) {
                finish();
            }
        }
        return ended;
    }

    /** Ends the process with the stop signal, and SIGKILL after the stop timeout, and deregisters the instance; once. */
    private void finish() {
        if (phase == InstancePhase.ENDED) {
            return;
        }
        phase = InstancePhase.STOPPING;
        startup.stop();
        ChildProcess child = child();
        CompletionStage<Boolean> processes = child == null
                ? CompletableFuture.completedFuture(false)
                : child.end(signal(), plan.options().stopTimeout());
        // Whether the registry responds must not keep the instance from ending.
        context.loop()
                .then(
                        deregister().handle((done, failure) -> true).thenCombine(processes, (left, killed) -> killed),
                        killed -> {
                            if (killed && phase != InstancePhase.ENDED) {
                                counters.kills++;
                                LOG.warn("{} needed a SIGKILL.", id());
                            }
                            hasEnded();
                        });
    }

    private ProcessSignal signal() {
        return ProcessSignal.valueOf(plan.process().stopSignal().name());
    }

    private void hasEnded() {
        if (phase != InstancePhase.ENDED) {
            phase = InstancePhase.ENDED;
            context.journal().remove(id());
            owner.ended(this);
            ended.complete(null);
        }
    }

    /** Deregisters the instance, if it was registered. Idempotent. */
    CompletionStage<Void> deregister() {
        return registered ? context.registrations().deregister(id()) : CompletableFuture.completedFuture(null);
    }

    ServicePlan plan() {
        return plan;
    }

    /** Which of the instances of its type it is, from 0. */
    int number() {
        return number;
    }

    InstancePhase phase() {
        return phase;
    }

    /** The id in the registry, which changes with the port while the instance starts; empty before {@link #start()}. */
    public String id() {
        return startup.id();
    }

    int port() {
        return startup.port();
    }

    long pid() {
        ChildProcess child = child();
        return child == null ? 0 : child.pid();
    }

    /** The instance's process, or null before it has one. */
    public @Nullable ChildProcess child() {
        return startup.child();
    }

    @Nullable
    Instant started() {
        ChildProcess child = child();
        return child == null ? null : child.started();
    }

    String reason() {
        return reason;
    }

    String health() {
        return startup.health();
    }

    Usage usage() {
        return usage;
    }

    void uses(Usage now) {
        usage = now;
    }

    /** Completes with null once the instance is up, or with the reason why it will not be; never fails. */
    CompletionStage<@Nullable InstanceFailure> up() {
        return up;
    }
}

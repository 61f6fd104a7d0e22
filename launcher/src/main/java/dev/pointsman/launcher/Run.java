package dev.pointsman.launcher;

import dev.pointsman.launcher.process.Child;
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
 * One instance from its start, see {@link Starting}, to when nothing is left of it. Confined to the launcher's loop.
 *
 * <pre>
 *   STARTING -- it answers, on its own port --> UP -- depart --> LEAVING -- idle --> STOPPING --> OVER
 *      |  ^                                      |                                      ^
 *      |  '-- port lost                          | exit, hung                           |
 *      '------- exit, too slow -----------------'--------------------------------------'
 * </pre>
 */
final class Run implements Starting.Owner {
    /** Where it is. */
    enum Phase {
        STARTING,
        UP,
        LEAVING,
        STOPPING,
        OVER
    }

    /** Who started it. */
    interface Owner {
        /** It answers and its registration was sent. */
        void up(Run run);

        /** It ended, or is being ended, unasked; once at most. */
        void down(Run run, Down down);

        /** Nothing is left of it. */
        void over(Run run);
    }

    private static final Logger LOG = LoggerFactory.getLogger(Run.class);

    private final ServicePlan plan;
    private final Tools tools;
    private final Owner owner;
    private final Tally tally;
    private final Starting starting;
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private final CompletableFuture<@Nullable Down> up = new CompletableFuture<>();

    private Phase phase = Phase.STARTING;
    private Usage usage = new Usage(0, 0);
    private String reason = "";
    private boolean registered;
    private boolean told;
    private long upSince;

    Run(ServicePlan plan, Tools tools, Tally tally, Owner owner) {
        this.plan = plan;
        this.tools = tools;
        this.tally = tally;
        this.owner = owner;
        this.starting = new Starting(plan, tools, tally, this);
    }

    void start() {
        starting.begin();
    }

    @Override
    public boolean isWanted() {
        return phase == Phase.STARTING;
    }

    @Override
    public void spawned(Child child) {
        tools.loop().then(child.exit(), code -> exited(child, code));
    }

    @Override
    public void failed(String why) {
        down(why);
        finish();
    }

    @Override
    public void abandoned() {
        finish();
    }

    @Override
    public void answers(Child asked) {
        registered = true;
        tools.loop().then(tools.registrations().keep(Facts.of(plan, tools, id(), port(), asked)), attempted -> {
            if (starting.isStill(asked)) {
                isUp();
            }
        });
    }

    private void isUp() {
        phase = Phase.UP;
        upSince = tools.loop().nanos();
        LOG.info("{} is up, process {}.", id(), pid());
        starting.isUp();
        owner.up(this);
        up.complete(null);
    }

    @Override
    public void hung(Child asked, String why) {
        if (child() == asked && phase == Phase.UP) {
            tally.stops++;
            down("failed " + plan.rules().unhealthyAfter() + " checks in a row: " + why);
            finish();
        }
    }

    private void exited(Child ended, int code) {
        if (child() != ended || phase == Phase.STOPPING || phase == Phase.OVER) {
            return;
        }
        if (phase == Phase.STARTING && !registered) {
            starting.exited(ended, code);
            return;
        }
        if (phase == Phase.UP || phase == Phase.STARTING) {
            tally.exits++;
            down(Words.exit(code));
        }
        finish();
    }

    /** Tells the owner, and takes the registration away; {@link #finish} does the rest. */
    private void down(String why) {
        reason = why;
        boolean wasWell = phase == Phase.UP;
        Duration wellFor = wasWell ? Duration.ofNanos(tools.loop().nanos() - upSince) : Duration.ZERO;
        phase = Phase.STOPPING;
        deregister();
        if (!wasWell) {
            tally.failedStarts++;
        }
        if (!told) {
            told = true;
            Child child = child();
            Down down = new Down(why, wasWell, wellFor, wasWell || child == null ? List.of() : child.lastLines());
            owner.down(this, down);
            up.complete(down);
        }
    }

    /**
     * Ends it in good order: out of service, idle at every balancer, deregistered, SIGTERM and at last SIGKILL.
     *
     * @param departure how it leaves the registry
     * @return completes when nothing is left of it
     */
    CompletionStage<Void> depart(String why, Departure departure) {
        if (phase == Phase.UP) {
            phase = Phase.LEAVING;
            reason = why;
            tally.stops++;
            LOG.info("{} leaves: {}.", id(), why);
            starting.stop();
            // Off the registry before it is gone: nobody is to come by it who asks the registry at that moment.
            tools.loop().then(departure.of(this, tools).thenCompose(idle -> deregister()), (done, failure) -> finish());
        } else if (phase == Phase.STARTING) {
            phase = Phase.STOPPING;
            reason = why;
            tally.stops++;
            told = true;
            up.complete(new Down("was asked to end", false, Duration.ZERO, List.of()));
            if (child() != null) {
                finish();
            }
        }
        return over;
    }

    /** SIGTERM, patience, SIGKILL, and no trace of it; once. */
    private void finish() {
        if (phase == Phase.OVER) {
            return;
        }
        phase = Phase.STOPPING;
        starting.stop();
        Child child = child();
        CompletionStage<Boolean> ended = child == null
                ? CompletableFuture.completedFuture(false)
                : child.end(plan.rules().stopTimeout());
        // Whether the registry does what it is told is no reason to stay.
        tools.loop()
                .then(
                        deregister().handle((done, failure) -> true).thenCombine(ended, (left, killed) -> killed),
                        killed -> {
                            if (killed && phase != Phase.OVER) {
                                tally.kills++;
                                LOG.warn("{} needed a SIGKILL.", id());
                            }
                            isOver();
                        });
    }

    private void isOver() {
        if (phase != Phase.OVER) {
            phase = Phase.OVER;
            tools.roll().remove(id());
            owner.over(this);
            over.complete(null);
        }
    }

    /** Idempotent. */
    CompletionStage<Void> deregister() {
        return registered ? tools.registrations().leave(id()) : CompletableFuture.completedFuture(null);
    }

    ServicePlan plan() {
        return plan;
    }

    Phase phase() {
        return phase;
    }

    String id() {
        return starting.id();
    }

    int port() {
        return starting.port();
    }

    long pid() {
        Child child = child();
        return child == null ? 0 : child.pid();
    }

    @Nullable
    Child child() {
        return starting.child();
    }

    @Nullable
    Instant started() {
        Child child = child();
        return child == null ? null : child.started();
    }

    String reason() {
        return reason;
    }

    String health() {
        return starting.health();
    }

    Usage usage() {
        return usage;
    }

    void uses(Usage now) {
        usage = now;
    }

    /** Completes, never badly, with null once it is up, or with why it will not be. */
    CompletionStage<@Nullable Down> up() {
        return up;
    }

    /** Completes when nothing is left of it. */
    CompletionStage<Void> over() {
        return over;
    }
}

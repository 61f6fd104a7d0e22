package dev.pointsman.launcher;

import dev.pointsman.agent.ServiceFacts;
import dev.pointsman.launcher.loop.Loop;
import dev.pointsman.launcher.process.Child;
import dev.pointsman.launcher.process.PortHolder;
import dev.pointsman.launcher.process.Usage;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One instance from its start to when nothing is left of it. A port that is lost to somebody else costs it a process, and is
 * not held against it: it takes another port, and with it another id. Confined to the launcher's loop.
 *
 * <pre>
 *   STARTING -- it answers, on its own port --> UP -- depart --> LEAVING -- idle --> STOPPING --> OVER
 *      |  ^                                      |                                      ^
 *      |  '-- port lost                          | exit, hung                           |
 *      '------- exit, too slow -----------------'--------------------------------------'
 * </pre>
 */
final class Run {
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
    /** What is left of a program whose own process ended is not asked for long. */
    private static final Duration SWEEP = Duration.ofSeconds(2);

    private final ServicePlan plan;
    private final Tools tools;
    private final Owner owner;
    private final Tally tally;
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private final CompletableFuture<@Nullable Down> up = new CompletableFuture<>();

    private Phase phase = Phase.STARTING;
    private String id = "";
    private int port;
    private int ports;
    private @Nullable Child child;
    private @Nullable Checking checking;
    private Loop.@Nullable Timer startTimer;
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
    }

    void start() {
        try {
            port = tools.ports().next();
        } catch (IOException e) {
            down("found no free port: " + e.getMessage());
            finish();
            return;
        }
        ports++;
        id = ServiceFacts.id(plan.type(), tools.address(), port);
        String thisId = id;
        tools.loop().then(tools.roll().put(thisId, 0), written -> spawn(thisId));
    }

    private void spawn(String thisId) {
        if (phase != Phase.STARTING) {
            finish();
            return;
        }
        tools.loop().then(tools.programs().start(Facts.program(plan, tools, thisId, port)), (started, failure) -> {
            if (failure != null) {
                down("cannot be started: " + failure.getMessage());
                finish();
            } else {
                spawned(started);
            }
        });
    }

    private void spawned(Child started) {
        child = started;
        tally.starts++;
        tools.roll().put(id, started.pid());
        tools.loop().then(started.exit(), code -> exited(started, code));
        if (phase != Phase.STARTING) {
            // Asked to end before there was anything to end.
            finish();
            return;
        }
        startTimer = tools.loop().after(plan.rules().startTimeout(), () -> tooSlow(started));
        checking = new Checking(plan, port, tools, () -> answers(started), why -> hung(started, why));
        checking.begin();
    }

    /** Something answers on the port; whether it is ours is another question. */
    private void answers(Child asked) {
        tools.loop().then(tools.programs().holder(port, asked), holder -> {
            if (child != asked || phase != Phase.STARTING) {
                return;
            }
            switch (holder.kind()) {
                case ANOTHER -> portLost(asked, holder.name());
                case NOBODY -> again();
                case OURS, UNKNOWN -> register(asked);
            }
        });
    }

    private void again() {
        if (checking != null) {
            checking.again();
        }
    }

    private void register(Child asked) {
        registered = true;
        tools.loop().then(tools.registrations().keep(Facts.of(plan, tools, id, port, asked)), attempted -> {
            if (child == asked && phase == Phase.STARTING) {
                isUp();
            }
        });
    }

    private void isUp() {
        phase = Phase.UP;
        upSince = tools.loop().nanos();
        cancelStartTimer();
        LOG.info("{} is up, process {}.", id, pid());
        if (checking != null) {
            checking.isUp();
        }
        owner.up(this);
        up.complete(null);
    }

    private void tooSlow(Child asked) {
        tools.loop().then(tools.programs().holder(port, asked), holder -> {
            if (child == asked && phase == Phase.STARTING && holder.kind() == PortHolder.Kind.ANOTHER) {
                portLost(asked, holder.name());
            } else {
                tools.loop().then(tools.programs().listening(asked), listening -> tooSlow(asked, listening));
            }
        });
    }

    private void tooSlow(Child asked, List<Integer> listening) {
        if (child == asked && phase == Phase.STARTING) {
            down(Words.tooSlow(plan, port, checking == null ? "" : checking.why(), listening));
            finish();
        }
    }

    private void portLost(Child asked, String to) {
        tally.portsLost++;
        cancelStartTimer();
        stopChecking();
        LOG.info("{} lost its port {} to {}; it gets another one.", id, port, to.isEmpty() ? "somebody else" : to);
        String lostId = id;
        child = null;
        tools.loop().then(asked.end(plan.rules().stopTimeout()), killed -> tools.roll()
                .remove(lostId));
        if (ports >= tools.ports().tries()) {
            down("lost its port to " + (to.isEmpty() ? "somebody else" : to)
                    + (ports > 1 ? ", as it did " + (ports - 1) + " others before" : ""));
            finish();
        } else {
            start();
        }
    }

    private void hung(Child asked, String why) {
        if (child == asked && phase == Phase.UP) {
            tally.stops++;
            down("failed " + plan.rules().unhealthyAfter() + " checks in a row: " + why);
            finish();
        }
    }

    private void exited(Child ended, int code) {
        if (child != ended || phase == Phase.STOPPING || phase == Phase.OVER) {
            return;
        }
        if (phase == Phase.STARTING && !registered) {
            exitedAtStart(ended, code);
            return;
        }
        if (phase == Phase.UP || phase == Phase.STARTING) {
            tally.exits++;
            down(Words.exit(code));
        }
        finish();
    }

    private void exitedAtStart(Child ended, int code) {
        stopChecking();
        cancelStartTimer();
        tools.loop().then(ended.end(SWEEP), killed -> {
            if (child != ended || phase != Phase.STARTING) {
                return;
            }
            if (!tools.ports().isFree(port)) {
                portLost(ended, "");
            } else {
                tally.exits++;
                down(Words.exit(code) + " before it was up");
                finish();
            }
        });
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
            LOG.info("{} leaves: {}.", id, why);
            stopChecking();
            // Off the registry before it is gone: nobody is to come by it who asks the registry at that moment.
            tools.loop().then(departure.of(this, tools).thenCompose(idle -> deregister()), (done, failure) -> finish());
        } else if (phase == Phase.STARTING) {
            phase = Phase.STOPPING;
            reason = why;
            tally.stops++;
            told = true;
            up.complete(new Down("was asked to end", false, Duration.ZERO, List.of()));
            if (child != null) {
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
        cancelStartTimer();
        stopChecking();
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
                                LOG.warn("{} needed a SIGKILL.", id);
                            }
                            isOver();
                        });
    }

    private void isOver() {
        if (phase != Phase.OVER) {
            phase = Phase.OVER;
            tools.roll().remove(id);
            owner.over(this);
            over.complete(null);
        }
    }

    /** Idempotent. */
    CompletionStage<Void> deregister() {
        return registered ? tools.registrations().leave(id) : CompletableFuture.completedFuture(null);
    }

    private void cancelStartTimer() {
        if (startTimer != null) {
            startTimer.cancel();
        }
    }

    private void stopChecking() {
        if (checking != null) {
            checking.stop();
        }
    }

    ServicePlan plan() {
        return plan;
    }

    Phase phase() {
        return phase;
    }

    String id() {
        return id;
    }

    int port() {
        return port;
    }

    long pid() {
        return child == null ? 0 : child.pid();
    }

    @Nullable
    Child child() {
        return child;
    }

    @Nullable
    Instant started() {
        return child == null ? null : child.started();
    }

    String reason() {
        return reason;
    }

    String health() {
        return checking == null ? "unknown" : checking.health();
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

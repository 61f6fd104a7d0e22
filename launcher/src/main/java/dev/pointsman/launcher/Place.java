package dev.pointsman.launcher;

import dev.pointsman.launcher.InstanceStatus.State;
import dev.pointsman.launcher.loop.Loop;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One of the N places of a type: holds one instance, fills itself again when that is gone, and for the time of a replacement
 * holds two. Confined to the launcher's loop.
 */
final class Place implements Run.Owner {
    private static final Logger LOG = LoggerFactory.getLogger(Place.class);

    private enum Wanted {
        RUNNING,
        STOPPED,
        GIVEN_UP
    }

    private final ServicePlan plan;
    private final Tools tools;
    private final Tally tally;
    private final Restarts restarts;
    private final Runnable gaveUp;
    private final List<Run> leaving = new ArrayList<>();

    private Wanted wanted = Wanted.STOPPED;
    private @Nullable Run current;
    private @Nullable Run incoming;
    private Loop.@Nullable Timer nextStart;
    private int filledAgain;
    private String lastId = "";
    private String reason = "";

    /** @param gaveUp is told when it is not filled again any more */
    Place(ServicePlan plan, Tools tools, Tally tally, Runnable gaveUp) {
        this.plan = plan;
        this.tools = tools;
        this.tally = tally;
        this.gaveUp = gaveUp;
        this.restarts = new Restarts(plan.rules().maxRestarts());
    }

    /**
     * Fills it, and keeps it filled; nothing if it is.
     *
     * @return completes, never badly, with null once its instance is up, or with why the first try failed
     */
    CompletionStage<@Nullable Down> start() {
        if (wanted != Wanted.RUNNING) {
            wanted = Wanted.RUNNING;
            restarts.reset();
        }
        if (current == null && incoming == null) {
            fill();
        }
        Run run = current == null ? incoming : current;
        return run == null ? CompletableFuture.completedFuture(null) : run.up();
    }

    private void fill() {
        cancelNextStart();
        Run run = new Run(plan, tools, tally, this);
        current = run;
        run.start();
    }

    /**
     * A new instance beside the one that there is. It takes the place by {@link #takeOver}; if it fails before, the old one
     * stays.
     */
    Run bring() {
        cancelNextStart();
        wanted = Wanted.RUNNING;
        Run run = new Run(plan, tools, tally, this);
        incoming = run;
        run.start();
        return run;
    }

    /** The new instance takes the place; who held it is given back, or null if nobody did. */
    @Nullable
    Run takeOver(Run fresh) {
        Run old = current;
        if (incoming == fresh) {
            incoming = null;
            current = fresh;
            reason = "";
        }
        if (old != null && old != fresh) {
            leaving.add(old);
            return old;
        }
        return null;
    }

    /** A new instance that is up is not wanted after all. */
    CompletionStage<Void> drop(Run fresh, Departure departure) {
        if (incoming == fresh) {
            incoming = null;
            leaving.add(fresh);
            afterLoss();
        }
        return fresh.depart("it is not wanted after all", departure);
    }

    /**
     * Empties it, and leaves it empty.
     *
     * @return completes when nothing is left of its instances
     */
    CompletionStage<Void> stop(String why, Departure departure) {
        if (wanted == Wanted.RUNNING) {
            wanted = Wanted.STOPPED;
            reason = why;
        }
        cancelNextStart();
        List<CompletableFuture<Void>> all = new ArrayList<>();
        moveToLeaving();
        for (Run run : List.copyOf(leaving)) {
            all.add(run.depart(why, departure).toCompletableFuture());
        }
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new));
    }

    private void moveToLeaving() {
        if (current != null) {
            leaving.add(current);
            current = null;
        }
        if (incoming != null) {
            leaving.add(incoming);
            incoming = null;
        }
    }

    @Override
    public void up(Run run) {
        lastId = run.id();
        if (run == current) {
            reason = "";
        }
    }

    @Override
    public void down(Run run, Down down) {
        lastId = run.id();
        leaving.add(run);
        if (run == incoming) {
            incoming = null;
            LOG.warn("The new instance {} {}.", run.id(), down.reason());
            afterLoss();
        } else if (run == current) {
            current = null;
            reason = down.reason();
            lost(run, down);
        }
    }

    /** The new one is gone; if the old one went meanwhile, the place is filled as it always is. */
    private void afterLoss() {
        if (current == null && nextStart == null && wanted == Wanted.RUNNING) {
            fillLater(new Down(reason, false, Duration.ZERO, List.of()));
        }
    }

    private void lost(Run run, Down down) {
        if (wanted != Wanted.RUNNING) {
            return;
        }
        if (incoming != null) {
            LOG.warn("{} {}; the one that replaces it is on its way.", run.id(), down.reason());
            return;
        }
        LOG.warn("{} {}.{}", run.id(), down.reason(), lastLines(down));
        fillLater(down);
    }

    private void fillLater(Down down) {
        Restarts.Decision decision = restarts.ended(down.wellFor());
        if (decision.givesUp()) {
            wanted = Wanted.GIVEN_UP;
            reason = "given up after " + Words.count(restarts.row(), "failure") + " in a row: " + down.reason();
            LOG.error("{} of type {} is {}.", lastId, plan.type(), reason);
            gaveUp.run();
            return;
        }
        filledAgain++;
        tally.restarts++;
        if (decision.pause().isZero()) {
            fill();
        } else {
            nextStart = tools.loop().after(decision.pause(), this::fill);
        }
    }

    private static String lastLines(Down down) {
        return down.lastLines().isEmpty()
                ? ""
                : " The last that it said:\n    " + String.join("\n    ", down.lastLines());
    }

    @Override
    public void over(Run run) {
        leaving.remove(run);
        if (run == current) {
            current = null;
        }
    }

    private void cancelNextStart() {
        if (nextStart != null) {
            nextStart.cancel();
            nextStart = null;
        }
    }

    boolean isGivenUp() {
        return wanted == Wanted.GIVEN_UP;
    }

    boolean isStopped() {
        return wanted == Wanted.STOPPED;
    }

    /** Who holds it, or null. */
    @Nullable
    Run current() {
        return current;
    }

    /** Whether an instance of this id holds it, or was the last to. */
    boolean isOf(String id) {
        return current != null ? current.id().equals(id) : lastId.equals(id);
    }

    /** Every instance that there is, those on their way out included. */
    List<Run> runs() {
        List<Run> runs = new ArrayList<>(leaving);
        if (current != null) {
            runs.add(current);
        }
        if (incoming != null) {
            runs.add(incoming);
        }
        return runs;
    }

    /** One line each for its instances; one in any case. */
    List<InstanceStatus> status(Instant now) {
        List<InstanceStatus> lines = new ArrayList<>();
        boolean lingers = wanted == Wanted.STOPPED && !leaving.isEmpty();
        if (current != null) {
            lines.add(Statuses.of(current, filledAgain, reason, now));
        } else if (incoming == null && !lingers) {
            State state =
                    switch (wanted) {
                        case RUNNING -> State.BACKOFF;
                        case STOPPED -> State.STOPPED;
                        case GIVEN_UP -> State.FAILED;
                    };
            lines.add(Statuses.empty(plan.type(), lastId, state, filledAgain, reason));
        }
        if (incoming != null) {
            lines.add(Statuses.of(incoming, filledAgain, "", now));
        }
        leaving.stream()
                .filter(run -> run.child() != null)
                .map(run -> Statuses.of(run, filledAgain, run.reason(), now))
                .forEach(lines::add);
        return lines;
    }
}

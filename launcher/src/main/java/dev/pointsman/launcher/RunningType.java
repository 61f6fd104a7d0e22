package dev.pointsman.launcher;

import dev.pointsman.launcher.Operations.Result;
import dev.pointsman.launcher.process.Child;
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

/**
 * One type: its places, and the operations on them, one after the other. Confined to the launcher's loop.
 */
final class RunningType {
    private static final Logger LOG = LoggerFactory.getLogger(RunningType.class);

    private final ServicePlan plan;
    private final Tools tools;
    private final Runnable changed;
    private final Tally tally = new Tally();
    private final List<Place> places = new ArrayList<>();
    private CompletableFuture<?> queue = CompletableFuture.completedFuture(null);
    private boolean stopping;
    private boolean replacing;

    /** @param changed is told when a place is given up */
    RunningType(ServicePlan plan, Tools tools, Runnable changed) {
        this.plan = plan;
        this.tools = tools;
        this.changed = changed;
    }

    /** Does one operation after those that were asked for before. */
    CompletionStage<Result> inTurn(Supplier<CompletionStage<Result>> operation) {
        CompletableFuture<Result> done = queue.handle((before, failure) -> null)
                .thenCompose(turn -> stopping
                        ? CompletableFuture.completedFuture(new Result(false, "The launcher is stopping."))
                        : operation.get());
        queue = done;
        return done;
    }

    /** Fills places up to a number; completes with the result when each is up, or has failed once. */
    CompletionStage<Result> grow(int number) {
        List<CompletableFuture<@Nullable Down>> starts = new ArrayList<>();
        while (places.size() < number) {
            Place place = new Place(plan, tools, tally, changed);
            places.add(place);
            starts.add(place.start().toCompletableFuture());
        }
        return allUp(starts);
    }

    /** Fills those of some places that are empty; completes as {@link #grow}. */
    CompletionStage<Result> start(List<Place> which, Consumer<String> progress) {
        List<Place> empty =
                which.stream().filter(place -> place.current() == null).toList();
        if (empty.isEmpty()) {
            String sentence = which.isEmpty()
                    ? plan.type() + " has no instance to start; scale gives it some."
                    : "There was nothing to start: " + Words.count(which.size(), "instance") + " of " + plan.type()
                            + (which.size() == 1 ? " runs." : " run.");
            return result(true, sentence);
        }
        return allUp(empty.stream().map(place -> start(place, progress)).toList());
    }

    /** An instance that is started again has another id than it had, which whoever asked for it is to hear. */
    private static CompletableFuture<@Nullable Down> start(Place place, Consumer<String> progress) {
        return place.start()
                .thenApply(down -> {
                    Run run = place.current();
                    if (down == null && run != null) {
                        progress.accept(run.id() + " is up.");
                    }
                    return down;
                })
                .toCompletableFuture();
    }

    private CompletionStage<Result> allUp(List<CompletableFuture<@Nullable Down>> starts) {
        return CompletableFuture.allOf(starts.toArray(CompletableFuture[]::new)).thenApply(all -> {
            List<Down> failed = starts.stream()
                    .map(CompletableFuture::join)
                    .filter(Objects::nonNull)
                    .toList();
            if (failed.isEmpty()) {
                return new Result(true, Words.count(starts.size(), "instance") + " of " + plan.type() + " started.");
            }
            return new Result(
                    false,
                    failed.size() + " of " + Words.count(starts.size(), "instance") + " of " + plan.type()
                            + " did not come up; the first one " + failed.get(0).reason() + ".");
        });
    }

    CompletionStage<Result> scale(Scale change, Consumer<String> progress) {
        int before = places.size();
        int number = change.from(before);
        if (number >= before) {
            return grow(number).thenApply(grown -> grown.done() ? new Result(true, scaled(before, number)) : grown);
        }
        // Those that do nothing go first, and of the others the last ones.
        List<Place> victims = new ArrayList<>();
        List<Place> lastFirst = new ArrayList<>(places);
        Collections.reverse(lastFirst);
        lastFirst.stream().filter(place -> place.current() == null).forEach(victims::add);
        lastFirst.stream().filter(place -> place.current() != null).forEach(victims::add);
        return remove(victims.subList(0, before - number), "scaled down to " + number, progress)
                .thenApply(done -> new Result(true, scaled(before, number)));
    }

    private String scaled(int before, int number) {
        return plan.type() + " has " + Words.count(number, "instance") + " now; it had " + before + ".";
    }

    /** Replaces the instances that run or should run, some at a time; the first that does not come up is the last. */
    CompletionStage<Result> reload(int batch, String why, Consumer<String> progress) {
        List<Place> all = places.stream().filter(place -> !place.isStopped()).toList();
        replacing = true;
        return reload(all, 0, Math.max(1, batch), why, progress).whenComplete((done, failure) -> replacing = false);
    }

    private CompletionStage<Result> reload(
            List<Place> all, int done, int batch, String why, Consumer<String> progress) {
        if (done >= all.size()) {
            tally.reloads++;
            return result(true, Words.count(all.size(), "instance") + " of " + plan.type() + " replaced.");
        }
        if (stopping) {
            return result(false, "The launcher is stopping; " + done + " of " + all.size() + " were replaced.");
        }
        int end = Math.min(all.size(), done + batch);
        List<CompletableFuture<@Nullable String>> group = all.subList(done, end).stream()
                .map(place ->
                        new Replacement(place, tools, why, progress).begin().toCompletableFuture())
                .toList();
        return CompletableFuture.allOf(group.toArray(CompletableFuture[]::new)).thenCompose(over -> {
            List<String> faults = group.stream()
                    .map(CompletableFuture::join)
                    .filter(Objects::nonNull)
                    .toList();
            int replaced = done + group.size() - faults.size();
            return faults.isEmpty()
                    ? reload(all, end, batch, why, progress)
                    : result(
                            false,
                            "Reloading " + plan.type() + " was stopped: " + faults.get(0) + ". " + replaced + " of "
                                    + all.size() + " were replaced; the others go on as they were.");
        });
    }

    private static CompletionStage<Result> result(boolean done, String sentence) {
        return CompletableFuture.completedFuture(new Result(done, sentence));
    }

    CompletionStage<Void> stop(List<Place> which, String why, Departure departure) {
        return CompletableFuture.allOf(which.stream()
                .map(place -> place.stop(why, departure).toCompletableFuture())
                .toArray(CompletableFuture[]::new));
    }

    CompletionStage<Void> remove(List<Place> which, String why, Consumer<String> progress) {
        List<Place> victims = List.copyOf(which);
        return stop(victims, why, new Departure(true, progress)).thenRun(() -> places.removeAll(victims));
    }

    /** The launcher is to end: nothing new from here on. */
    CompletionStage<Void> end(String why) {
        stopping = true;
        return stop(List.copyOf(places), why, new Departure(false, nobody -> {}));
    }

    /** What its instances use; one that uses too much is replaced. */
    void used(Map<Long, Usage> usage) {
        for (Place place : List.copyOf(places)) {
            place.runs().forEach(run -> run.uses(usage.getOrDefault(run.pid(), new Usage(0, 0))));
            Run run = place.current();
            long limit = plan.rules().maxMemory();
            if (limit > 0
                    && run != null
                    && run.phase() == Run.Phase.UP
                    && run.usage().memory() > limit
                    && !replacing) {
                tooMuchMemory(place, run, limit);
            }
        }
    }

    private void tooMuchMemory(Place place, Run run, long limit) {
        String why = "it uses " + mebibytes(run.usage().memory()) + " MiB, more than " + mebibytes(limit) + " MiB";
        LOG.warn("{} is replaced: {}.", run.id(), why);
        replacing = true;
        CompletionStage<Result> replaced = inTurn(() -> new Replacement(place, tools, why, nobody -> {})
                .begin()
                .thenApply(fault -> new Result(fault == null, String.valueOf(fault))));
        tools.loop().then(replaced, result -> {
            if (!result.done()) {
                LOG.error("{} could not be replaced: {}. It goes on for now.", run.id(), result.sentence());
            }
            // Not again at once: should the new one need as much, it is to have some time of service.
            tools.loop().after(Restarts.STEADY, () -> replacing = false);
        });
    }

    private static long mebibytes(long octets) {
        return octets / (1024 * 1024);
    }

    ServicePlan plan() {
        return plan;
    }

    List<Place> places() {
        return List.copyOf(places);
    }

    Optional<Place> place(String id) {
        return places.stream().filter(place -> place.isOf(id)).findFirst();
    }

    List<Child> children() {
        List<Child> children = new ArrayList<>();
        for (Place place : places) {
            for (Run run : place.runs()) {
                Child child = run.child();
                if (child != null) {
                    children.add(child);
                }
            }
        }
        return children;
    }

    /** Whether nothing of it will ever run again, unless somebody asks. */
    boolean isGivenUp() {
        return !places.isEmpty() && places.stream().allMatch(Place::isGivenUp);
    }

    List<InstanceStatus> status(Instant now) {
        return places.stream().flatMap(place -> place.status(now).stream()).toList();
    }

    Counts counts() {
        return tally.counts();
    }
}

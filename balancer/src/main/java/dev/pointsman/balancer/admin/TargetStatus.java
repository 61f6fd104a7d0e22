package dev.pointsman.balancer.admin;

import dev.pointsman.balancer.admin.StateView.Followed;
import dev.pointsman.pool.Availability;
import dev.pointsman.pool.PoolSnapshot;
import dev.pointsman.pool.Upstream;
import dev.pointsman.registry.OneLine;
import dev.pointsman.registry.WatchStatus;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The health of one target at one moment: whether it is known, who can take its traffic, and the worst that is wrong with it.
 * Immutable.
 *
 * @param followed what it was made of, for counts
 * @param snapshot the pool at that moment
 * @param watch the state of the watch that feeds it
 * @param firstView whether its instances were looked up at least once
 * @param states how many instances are in each state that any is in
 * @param level how bad it is
 * @param problem what is wrong, in one sentence; null if nothing is
 * @param since since when it is wrong; null where that is not known, or nothing is
 */
record TargetStatus(
        Followed followed,
        PoolSnapshot snapshot,
        WatchStatus watch,
        boolean firstView,
        Map<Availability, Integer> states,
        TargetLevel level,
        @Nullable String problem,
        @Nullable Instant since) {
    /** The worst first, then by name. */
    static final Comparator<TargetStatus> WORST_FIRST = Comparator.comparing(TargetStatus::level)
            .thenComparing(status -> status.snapshot().target());

    private static final int LONGEST_ERROR = 300;

    /** How bad it is, the worst first. */
    enum TargetLevel {
        /** Its instances were never looked up: its requests get 503. */
        UNKNOWN,
        /** No instance can take traffic: its requests get 503. */
        DOWN,
        /** No instance looks healthy, and all are used. */
        FAIL_OPEN,
        /** The registry fails for it: who is known serves. */
        OUTDATED,
        /** Some instances can take no traffic. */
        REDUCED,
        FINE
    }

    TargetStatus {
        states = Map.copyOf(states);
    }

    static TargetStatus of(Followed followed) {
        PoolSnapshot snapshot = followed.pool().snapshot();
        WatchStatus watch = followed.watch().status();
        boolean viewed = followed.watch().firstView().toCompletableFuture().isDone();
        Map<Availability, Integer> states = new TreeMap<>();
        snapshot.upstreams().forEach(upstream -> states.merge(upstream.availability(), 1, Integer::sum));
        Verdict verdict = viewed
                ? verdict(snapshot, watch, states)
                : new Verdict(
                        TargetLevel.UNKNOWN,
                        "its instances are not known: " + OneLine.of(watch.whyNoView("the registry"), LONGEST_ERROR),
                        followed.since());
        return new TargetStatus(
                followed, snapshot, watch, viewed, states, verdict.level(), verdict.problem(), verdict.since());
    }

    private record Verdict(
            TargetLevel level,
            @Nullable String problem,
            @Nullable Instant since) {}

    private static Verdict verdict(PoolSnapshot snapshot, WatchStatus watch, Map<Availability, Integer> states) {
        if (snapshot.ready().isEmpty()) {
            String problem = states.isEmpty()
                    ? "the registry lists no instance"
                    : "no instance can take traffic: " + inWords(states);
            return new Verdict(TargetLevel.DOWN, problem, lastLost(snapshot, watch));
        }
        if (snapshot.failOpen()) {
            return new Verdict(
                    TargetLevel.FAIL_OPEN,
                    "no instance looks healthy, so all are used: " + inWords(states),
                    lastLost(snapshot, watch));
        }
        if (watch.failures() > 0) {
            String error = OneLine.of(String.valueOf(watch.lastError()), LONGEST_ERROR);
            return new Verdict(
                    TargetLevel.OUTDATED,
                    "the registry fails, what it said last is used: " + error,
                    watch.lastResponse());
        }
        return snapshot.ready().size() == snapshot.upstreams().size()
                ? new Verdict(TargetLevel.FINE, null, null)
                : new Verdict(TargetLevel.REDUCED, "not all instances take traffic: " + inWords(states), null);
    }

    /** When the last of its instances was lost: the newest change of those that it has, or what the registry said last. */
    private static @Nullable Instant lastLost(PoolSnapshot snapshot, WatchStatus watch) {
        return snapshot.upstreams().stream()
                .map(Upstream::since)
                .max(Comparator.naturalOrder())
                .orElse(watch.lastChange());
    }

    private static String inWords(Map<Availability, Integer> states) {
        return new TreeMap<>(states)
                .entrySet().stream()
                        .map(each -> each.getValue() + " " + StateView.lowerCase(each.getKey()))
                        .collect(Collectors.joining(", "));
    }

    /** Since when the registry has not responded with data, as it fails; null while it does not fail. */
    @Nullable
    Instant failingSince() {
        Instant lastResponse = watch.lastResponse();
        return watch.failures() == 0 ? null : lastResponse == null ? followed.since() : lastResponse;
    }

    boolean isFine() {
        return level == TargetLevel.FINE;
    }

    /** How many have something wrong with them. */
    static int withProblems(Collection<TargetStatus> all) {
        return (int) all.stream().filter(each -> !each.isFine()).count();
    }
}

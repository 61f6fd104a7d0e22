package dev.pointsman.pool;

import dev.pointsman.registry.OneLine;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** The reports of what changes in a pool, each change once: to the log and to a listener. For the pool's writer alone. */
final class PoolLog {
    /** How many of those that are retained the log names. */
    private static final int MOST_NAMES = 5;
    /** Where more instances come with the first view, the log counts them instead of naming each. */
    private static final int NAMED_AT_ONCE = 3;

    private final Logger log;
    private final String target;
    private final Consumer<StateChange> listener;
    private final InstantSource clock;
    private boolean failOpen;
    private boolean backups;

    PoolLog(Logger log, String target, Consumer<StateChange> listener, InstantSource clock) {
        this.log = log;
        this.target = target;
        this.clock = clock;
        this.listener = listener;
    }

    private static final int LONGEST_REASON = 400;
    /** By the registry, by the route that names it, or by whatever else did list it. */
    private static final String UNLISTED = "it is not listed any more";

    /** Reports every upstream whose availability is another than the one reported last. */
    void states(List<Upstream> upstreams) {
        boolean counted = upstreams.size() > NAMED_AT_ONCE
                && upstreams.stream().allMatch(upstream -> upstream.announced() == null);
        int ready = 0;
        Instant now = clock.instant();
        for (Upstream upstream : upstreams) {
            Availability after = upstream.availability();
            Availability before = upstream.announce(after, now);
            if (before != after) {
                String reason = reason(upstream, before, after);
                if (counted && after == Availability.READY) {
                    ready++;
                } else {
                    log(upstream, before, after, reason);
                }
                listener.accept(new StateChange(target, upstream.key(), before, after, reason));
            }
        }
        if (counted) {
            log.info("{}: {} instances joined, {} of them ready", target, upstreams.size(), ready);
        }
    }

    private static String reason(Upstream upstream, @Nullable Availability before, Availability after) {
        if (before == Availability.DRAINED) {
            String why = upstream.why();
            return why.isEmpty() ? upstream.order() : upstream.order() + "; " + why;
        }
        boolean readmitted =
                after == Availability.READY && (before == Availability.EJECTED || before == Availability.PROBING);
        return readmitted ? upstream.outlierState().reason() : upstream.why();
    }

    private void log(Upstream upstream, @Nullable Availability before, Availability after, String reason) {
        String verb = before == null ? "joined," : "is now";
        String state = after.name().toLowerCase(Locale.ROOT)
                + (reason.isEmpty() ? "" : " (" + OneLine.of(reason, LONGEST_REASON) + ")");
        if (after == Availability.EJECTED) {
            log.warn("{}: {} {} {}", target, upstream, verb, state);
        } else {
            log.info("{}: {} {} {}", target, upstream, verb, state);
        }
    }

    void left(Upstream upstream) {
        Availability before = upstream.announce(Availability.GONE, clock.instant());
        log.info("{}: {} left, {} in flight", target, upstream, upstream.inFlight());
        listener.accept(new StateChange(target, upstream.key(), before, Availability.GONE, UNLISTED));
    }

    /** Reports that another process runs behind the same instance: what was known of the old one is forgotten. */
    void restarted(Upstream upstream) {
        log.info("{}: {} was restarted or has moved", target, upstream);
    }

    /** Reports upstreams that a doubtful response of the registry does not list, in one line however many they are. */
    void retained(List<Upstream> upstreams) {
        if (!upstreams.isEmpty()) {
            log.warn(
                    "{}: retained as long as they answer, since the registry's response that does not list them is in"
                            + " doubt ({} in all): {}",
                    target,
                    upstreams.size(),
                    names(upstreams));
        }
    }

    private static String names(List<Upstream> upstreams) {
        String names =
                upstreams.stream().limit(MOST_NAMES).map(Upstream::toString).collect(Collectors.joining(", "));
        return upstreams.size() > MOST_NAMES ? names + ", ..." : names;
    }

    void badWeight(Upstream upstream) {
        log.warn(
                "{}: {} has the weight \"{}\" in its metadata (expected: 0 to 65535); Consul's is taken instead",
                target,
                upstream,
                OneLine.of(String.valueOf(upstream.instance().meta().get(InstanceWeight.META)), 40));
    }

    void ejectionSuppressed(Upstream upstream, EjectedShare share) {
        log.warn(
                "{}: {} fails, but is not ejected: {} of {} are ejected already",
                target,
                upstream,
                share.ejected(),
                share.of());
    }

    void failOpen(boolean now, int upstreams) {
        if (now && !failOpen) {
            log.warn(
                    "{}: no instance looks healthy; failing open: {} are used that nobody took out of service",
                    target,
                    upstreams);
        } else if (!now && failOpen) {
            log.info("{}: {} may be picked; instances that do not look healthy are left out again", target, upstreams);
        }
        failOpen = now;
    }

    void backups(boolean now, int upstreams) {
        if (now && !backups) {
            log.warn(
                    "{}: no instance can serve that is no backup; requests go to backups ({} may be picked)",
                    target,
                    upstreams);
        } else if (!now && backups) {
            log.info("{}: backups are not needed any more", target);
        }
        backups = now;
    }
}

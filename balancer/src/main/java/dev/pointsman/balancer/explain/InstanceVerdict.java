package dev.pointsman.balancer.explain;

import dev.pointsman.pool.Availability;
import dev.pointsman.pool.PoolSnapshot;
import dev.pointsman.pool.Upstream;
import dev.pointsman.registry.InstanceKey;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * What is to be said of one instance of a pool, where a request has to go to one of them. Immutable.
 *
 * @param key node and id
 * @param authority address and port
 * @param word the verdict in a word or two: {@code picked next}, {@code ready}, {@code ejected}
 * @param why what is behind it, in words; empty where the word says it all
 * @param inFlight attempts under way on it
 * @param weight its share of the traffic relative to its siblings
 */
public record InstanceVerdict(InstanceKey key, String authority, String word, String why, int inFlight, int weight) {
    /**
     * The verdict on an upstream.
     *
     * @param snapshot the pool that it is in
     * @param next the upstream that is known to be picked next, if one is
     * @param now the time of day
     */
    static InstanceVerdict of(Upstream upstream, PoolSnapshot snapshot, @Nullable Upstream next, Instant now) {
        Availability availability = upstream.availability();
        boolean pickable = snapshot.ready().contains(upstream);
        String word = upstream == next ? "picked next" : word(upstream, availability, pickable);
        StringBuilder why = new StringBuilder(why(upstream, availability, now));
        if (pickable && availability != Availability.READY && availability != Availability.PROBING) {
            add(why, "picked from all the same, as nothing in the pool looks healthy (fail open)");
        }
        if (upstream.retained()) {
            add(why, "retained: the registry does not list it in a response that is in doubt, and it still answers");
        }
        if (upstream.stale()) {
            add(why, "stale: known from the cache file; the registry has not responded yet");
        }
        return new InstanceVerdict(
                upstream.key(),
                upstream.instance().authority(),
                word,
                why.toString(),
                upstream.inFlight(),
                upstream.weight());
    }

    private static void add(StringBuilder why, String more) {
        why.append(why.isEmpty() ? "" : "; ").append(more);
    }

    private static String word(Upstream upstream, Availability availability, boolean pickable) {
        return switch (availability) {
            case READY -> pickable ? readyWord(upstream) : "not needed";
            case PROBING -> upstream.isFull() ? "probed now" : "probing";
            case EJECTED -> "ejected";
            case WEIGHTLESS -> "weight 0";
            case CRITICAL -> "critical";
            case MAINTENANCE -> upstream.inFlight() > 0 ? "draining" : "maintenance";
            case DRAINED -> upstream.inFlight() > 0 ? "draining" : "drained";
            case GONE -> "gone";
        };
    }

    private static String readyWord(Upstream upstream) {
        if (upstream.isStalled()) {
            return "stalled";
        }
        return upstream.isFull() ? "full" : "ready";
    }

    private static String why(Upstream upstream, Availability availability, Instant now) {
        return switch (availability) {
            case READY -> whyReady(upstream);
            case PROBING -> upstream.why();
            case EJECTED -> upstream.why() + until(upstream, now);
            case WEIGHTLESS -> reasoned(upstream, "its weight is 0");
            case CRITICAL -> reasoned(upstream, "a check is critical");
            case MAINTENANCE ->
                reasoned(upstream, "taken out of service")
                        + (upstream.inFlight() > 0 ? "; " + upstream.inFlight() + " in flight finish" : "");
            case DRAINED ->
                upstream.why() + (upstream.inFlight() > 0 ? "; " + upstream.inFlight() + " in flight finish" : "");
            case GONE -> "the registry does not list it any more";
        };
    }

    private static String whyReady(Upstream upstream) {
        if (upstream.isStalled()) {
            return "its responses have stopped coming while those of others go on; passed over";
        }
        if (upstream.isFull()) {
            return upstream.inFlight() + " in flight is its limit";
        }
        String warming =
                upstream.warmth() < Upstream.WHOLE ? "slow start, at " + upstream.warmth() + " % of its share" : "";
        String warning = upstream.why();
        return warming.isEmpty() || warning.isEmpty() ? warming + warning : warming + "; " + warning;
    }

    private static String reasoned(Upstream upstream, String otherwise) {
        String reason = upstream.why().isEmpty() ? otherwise : upstream.why();
        Instant since = upstream.since();
        if (since.equals(Instant.EPOCH)) {
            return reason;
        }
        String when = since.truncatedTo(ChronoUnit.SECONDS).toString();
        return reason + (upstream.isSinceJoined() ? " (since " + when + " or before)" : " (since " + when + ")");
    }

    private static String until(Upstream upstream, Instant now) {
        return upstream.ejectedForNanos().isEmpty()
                ? ""
                : " (until "
                        + now.plusNanos(upstream.ejectedForNanos().getAsLong()).truncatedTo(ChronoUnit.SECONDS) + ")";
    }
}

package dev.pointsman.balancer.filter;

import dev.pointsman.balancer.route.IpAddress;
import dev.pointsman.balancer.route.RateLimitRule;
import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;

/**
 * The counting of requests by the generic cell rate algorithm (GCRA; ITU-T I.371): of each key only the time is kept at which
 * its next request would be in time on average. One compare-and-set for a request, whatever event loop it is on.
 *
 * <p>Keys lie in a table of limited size. One whose time has come is as good as unknown, so its place is free. Where a flood
 * of keys takes all places of a set, the one whose time is nearest is forgotten: a flood makes the limit lenient, and never
 * takes others for those that flood. Thread-safe.
 */
final class RateLimiter {
    /** The keys that fit into a set of places. */
    private static final int SET = 8;

    private static final int FIRST_PLACES = 1024;
    private static final int MOST_PLACES = 128 * 1024;
    private static final int MOST_TRIES = 16;
    private static final long UNKNOWN = 0;

    private final RateLimitRule rule;
    private final LongSupplier nanos;
    private final long start;
    private final long interval;
    private final long tolerance;
    private final long seed1;
    private final long seed2;
    private volatile PlaceTable table;

    /** Keys and their times, as nanoseconds since the start. */
    private record PlaceTable(AtomicLongArray keys, AtomicLongArray times) {
        PlaceTable(int places) {
            this(new AtomicLongArray(places), new AtomicLongArray(places));
        }

        int setOf(long key) {
            return (int) (key >>> 20) & (keys.length() / SET - 1);
        }
    }

    RateLimiter(RateLimitRule rule, LongSupplier nanos) {
        this.rule = rule;
        this.nanos = nanos;
        // Times are counted from so much before that a time of 0 is past.
        this.interval = rule.rate().per().toNanos() / rule.rate().requests();
        this.tolerance = interval * (rule.burst() - 1);
        this.start = nanos.getAsLong() - 1;
        SecureRandom random = new SecureRandom();
        this.seed1 = random.nextLong();
        this.seed2 = random.nextLong();
        this.table = new PlaceTable(rule.by().key() == RateLimitRule.CountingKey.ROUTE ? SET : FIRST_PLACES);
    }

    RateLimitRule rule() {
        return rule;
    }

    /**
     * Counts a request.
     *
     * @return 0 if it is within the limit, else the nanoseconds after which one would be
     */
    long tryAcquire(FilteredRequest request) {
        return tryAcquire(key(request));
    }

    long tryAcquire(long key) {
        long now = nanos.getAsLong() - start;
        PlaceTable in = table;
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            int place = place(in, key, now);
            if (place < 0) {
                in = grown(in, now);
                continue;
            }
            long due = in.times.get(place);
            long wait = due - tolerance - now;
            if (wait > 0) {
                return wait;
            }
            if (in.times.compareAndSet(place, due, Math.max(due, now) + interval)) {
                return 0;
            }
        }
        // So many at this very moment are beyond any limit that is worth one.
        return interval;
    }

    /** The place of a key, taken for it if need be; -1 if there is none and the table may grow. */
    private int place(PlaceTable in, long key, long now) {
        int first = in.setOf(key) * SET;
        int nearest = first;
        for (int place = first; place < first + SET; place++) {
            if (in.keys.get(place) == key) {
                return place;
            }
            if (in.times.get(place) < in.times.get(nearest)) {
                nearest = place;
            }
        }
        long other = in.keys.get(nearest);
        long due = in.times.get(nearest);
        if (due > now && in.keys.length() < MOST_PLACES) {
            return -1;
        }
        if (in.keys.compareAndSet(nearest, other, key)) {
            boolean unused = in.times.compareAndSet(nearest, due, UNKNOWN);
        }
        return nearest;
    }

    /** A table of twice the size; what is counted meanwhile in the smaller one is lost, which is little. */
    private synchronized PlaceTable grown(PlaceTable from, long now) {
        if (table.keys.length() > from.keys.length()) {
            return table;
        }
        PlaceTable larger = new PlaceTable(from.keys.length() * 2);
        for (int i = 0; i < from.keys.length(); i++) {
            long due = from.times.get(i);
            int place = due > now ? place(larger, from.keys.get(i), now) : -1;
            if (place >= 0) {
                larger.times.set(place, due);
            }
        }
        table = larger;
        return larger;
    }

    private long key(FilteredRequest request) {
        return switch (rule.by().key()) {
            case ROUTE -> 1;
            case CLIENT -> ofClient(request);
            case HEADER -> {
                String value = request.fields().get(rule.by().header());
                yield value == null || value.isEmpty() ? ofClient(request) : hash(value);
            }
        };
    }

    private long ofClient(FilteredRequest request) {
        IpAddress address = IpAddress.ofHop(request.originAddress());
        if (address == null) {
            return hash(request.originAddress());
        }
        return hash(address.high(), address.isFour() ? address.low() : 0);
    }

    private long hash(String text) {
        long state = text.length();
        for (int i = 0; i < text.length(); i += 4) {
            long four = 0;
            for (int j = i; j < Math.min(i + 4, text.length()); j++) {
                four = (four << 16) | text.charAt(j);
            }
            state = hash(state, four);
        }
        return state;
    }

    /** Keyed, so that nobody can make keys that fall together with another one's. Never {@link #UNKNOWN}. */
    private long hash(long one, long other) {
        long a = one ^ seed1;
        long b = other ^ seed2;
        long mixed = Math.multiplyHigh(a, b) ^ (a * b) ^ (b * 0x9e3779b97f4a7c15L) ^ Long.rotateLeft(a, 32);
        mixed = (mixed ^ (mixed >>> 32)) * 0xd6e8feb86659fd93L;
        mixed ^= mixed >>> 32;
        return mixed == UNKNOWN ? 1 : mixed;
    }
}

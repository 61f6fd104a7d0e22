package dev.pointsman.registry.consul.internal.query;

import dev.pointsman.registry.OneLine;
import dev.pointsman.registry.RegistryException;
import dev.pointsman.registry.RegistryException.Kind;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The state of one blocking query that is sent again and again: what to ask Consul next, and when. It knows outcomes and
 * time, and does no I/O; {@link QueryLoop} carries out its steps. The rules are those of Consul's documentation ("Blocking
 * Queries, Implementation Details"), and of what Consul does when it fails:
 *
 * <ul>
 *   <li>The index of the newest response is what to wait for. Below 1 it counts as 1, since 0 would not wait at all.
 *   <li>An index that went backwards comes from a registry that lost its state: ask without waiting, because a
 *       registry that is asked for an index it has not reached responds at the query's timeout only. The same after any
 *       failure. An index that came with a failure is never used.
 *   <li>After a failure pause, at random between nothing and a limit that doubles with each one of its kind, so that
 *       many balancers do not come back in step. Another datacenter that is silent is given the longest pauses: see
 *       {@link #LONGEST_PAUSE_FORWARDED}.
 *   <li>A real change is asked for at once, up to a burst; responses that come without a wait and without a change are
 *       paused for longer and longer.
 * </ul>
 *
 * Not thread-safe.
 */
final class BlockingQuery {
    private static final Pattern UNSIGNED = Pattern.compile("[0-9]{1,20}");
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    /**
     * The longest pause while the registry cannot be reached: on loopback a restarted one is found again within a
     * second.
     */
    private static final Duration LONGEST_PAUSE_UNREACHABLE = Duration.ofSeconds(1);
    /** The longest pause while the registry responds and is overloaded, or refuses us. */
    private static final Duration LONGEST_PAUSE_REFUSED = Duration.ofSeconds(3);

    /** The same for lists that share their connections: there may be a thousand, which all ask about their rights then. */
    private static final Duration LONGEST_PAUSE_REFUSED_SHARED = Duration.ofSeconds(15);

    /**
     * The longest pause where the list of all checks cannot be read, as it is too long: some megabytes of it have come by then, each
     * time anew.
     */
    private static final Duration LONGEST_PAUSE_UNREADABLE = Duration.ofSeconds(60);

    /**
     * The longest pause while another datacenter is silent. The agent holds each query that it forwarded for up to half a minute,
     * though it was given up here, and Consul allows one address 200 connections. {@link SilenceWatch} finds the return.
     */
    private static final Duration LONGEST_PAUSE_FORWARDED = Duration.ofSeconds(40);

    private static final Duration SHORTEST_PAUSE_FORWARDED = Duration.ofSeconds(25);

    /** A response that is longer than so many bytes takes more than one token: what is limited is the load on Consul. */
    private static final int BYTES_A_TOKEN = 256 * 1024;

    /** The most tokens that a response takes, for that is some seconds. */
    private static final int MOST_TOKENS = 50;

    private static final Duration FIRST_IDLE_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_IDLE_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_MARGIN = Duration.ofSeconds(12);

    /** The next thing to do for a query. */
    sealed interface QueryStep permits SendQuery, PauseQuery, AwaitDemand {}

    /**
     * Send the query.
     *
     * @param index respond when the index is above this unsigned number; 0 for a response at once
     * @param waitFor the longest that Consul is to wait for a change
     * @param timeout when to give up: Consul adds up to a sixteenth to the wait, and the network takes its time
     */
    record SendQuery(long index, Duration waitFor, Duration timeout) implements QueryStep {}

    /** Do nothing for the given time, then call {@link #next()}. */
    record PauseQuery(Duration duration) implements QueryStep {}

    /** Do nothing until the list is woken, then call {@link #next()}. */
    record AwaitDemand() implements QueryStep {}

    private final QueryMode mode;
    private final boolean forwarded;
    private final Supplier<Duration> waits;
    private final LongSupplier nanoTime;
    private final RandomGenerator random;
    private final TokenBucket bucket;

    private long index;
    private long newest;
    private long askedAt;
    /** The wait of the newest query. */
    private Duration wait;

    private int idleResponses;
    private @Nullable Kind failing;
    private int failures;
    private boolean doubtful;
    private boolean distrusted;
    private boolean askedInDoubt;
    private boolean hasResponded;

    /**
     * A query that was not sent yet.
     *
     * @param forwarded whether the agent forwards the query to another datacenter
     * @param waits the longest that Consul is to wait for a change, asked for each time
     */
    BlockingQuery(
            QueryMode mode,
            boolean forwarded,
            Supplier<Duration> waits,
            LongSupplier nanoTime,
            RandomGenerator random) {
        this.mode = mode;
        this.forwarded = forwarded;
        this.waits = waits;
        this.wait = waits.get();
        this.nanoTime = nanoTime;
        this.random = random;
        this.bucket = new TokenBucket(mode.burst(), mode.tokenEvery(), nanoTime);
    }

    /**
     * Begins with the index of a response that an earlier process had: nothing is waited for by it, but it tells a registry
     * that lost its state in between.
     */
    void seed(long earlier) {
        newest = earlier;
    }

    /**
     * Reads the header {@code X-Consul-Index}.
     *
     * @throws RegistryException if it is absent or no unsigned 64-bit number
     */
    static long parseIndex(@Nullable String header) throws RegistryException {
        if (header == null) {
            throw new RegistryException(Kind.MALFORMED, "the response has no X-Consul-Index; is this Consul?");
        }
        try {
            if (UNSIGNED.matcher(header.strip()).matches()) {
                return Long.parseUnsignedLong(header.strip());
            }
        } catch (NumberFormatException e) {
            // 20 digits above 2^64: reported below with all the rest
        }
        throw new RegistryException(
                Kind.MALFORMED, "X-Consul-Index: " + OneLine.of(header, 40) + " (expected: an unsigned 64-bit number)");
    }

    /** Notes that another watch has seen Consul fail: the response to the next query is doubtful. */
    void distrust() {
        distrusted = true;
    }

    /**
     * Whether a response with this index can only say what is known: nothing is in doubt, and it was asked for on demand, or its
     * content is that of the one before. A list may also shrink where its index stands still, see {@link #responded}.
     */
    boolean isKnown(long responseIndex, boolean sameContent) {
        return (!mode.isBlocking() || sameContent)
                && hasResponded
                && responseIndex == newest
                && failing == null
                && !askedInDoubt;
    }

    /** The next step, at the start, after each pause and on demand. */
    QueryStep next() {
        Duration tokenIn = bucket.take();
        if (!tokenIn.isZero()) {
            return new PauseQuery(tokenIn);
        }
        askedAt = nanoTime.getAsLong();
        wait = waits.get();
        askedInDoubt = distrusted;
        distrusted = false;
        // Before the first response twice as long: a Consul that many begin to ask at a time takes longer.
        Duration least = mode.margin().multipliedBy(hasResponded ? 1 : 2);
        Duration margin = failing == Kind.UNREACHABLE ? doubling(least, failures + 1, longestMargin()) : least;
        return new SendQuery(index, wait, index == 0 ? margin : patience().plus(margin));
    }

    /** Notes that a response came with so many bytes. */
    void received(int bytes) {
        bucket.charge(Math.min(bytes / BYTES_A_TOKEN, MOST_TOKENS));
    }

    /**
     * Notes a good response with this index. Ask {@link #doubtful()} how far to believe it.
     *
     * @return what to do next
     */
    QueryStep responded(long responseIndex) {
        long reached = responseIndex == 0 ? 1 : responseIndex;
        boolean wentBack = Long.compareUnsigned(reached, newest) < 0;
        boolean idle = index != 0 && reached == index && nanoTime.getAsLong() - askedAt < wait.toNanos() / 2;
        // What leaves a list raises its index. A list that shrinks without that may no longer be read by us (an ACL
        // token that was taken back, up to Consul 1.10), or another server's.
        doubtful = wentBack || reached == newest || failing != null || askedInDoubt;
        failing = null;
        failures = 0;
        hasResponded = true;
        newest = reached;
        index = wentBack || !mode.isBlocking() ? 0 : reached;
        idleResponses = idle ? idleResponses + 1 : 0;
        if (!mode.isBlocking()) {
            return new AwaitDemand();
        }
        return idle ? new PauseQuery(doubling(FIRST_IDLE_PAUSE, idleResponses, LONGEST_IDLE_PAUSE)) : next();
    }

    /**
     * Notes that the attempt failed.
     *
     * @return what to do next
     */
    QueryStep failed(Kind kind) {
        // A registry that is being started fails first in one way, then in another: each begins with short pauses.
        failures = kind == failing ? failures + 1 : 1;
        failing = kind;
        index = 0;
        idleResponses = 0;
        if (kind == Kind.UNREACHABLE && forwarded) {
            long spread =
                    LONGEST_PAUSE_FORWARDED.minus(SHORTEST_PAUSE_FORWARDED).toNanos();
            return new PauseQuery(SHORTEST_PAUSE_FORWARDED.plusNanos(random.nextLong(spread + 1)));
        }
        long longest = doubling(FIRST_PAUSE, failures, longestPause(kind)).toNanos();
        return new PauseQuery(Duration.ofNanos(random.nextLong(longest + 1)));
    }

    private Duration longestPause(Kind kind) {
        if (kind == Kind.UNREACHABLE) {
            return LONGEST_PAUSE_UNREACHABLE;
        }
        if (kind == Kind.MALFORMED && mode.heavy()) {
            return LONGEST_PAUSE_UNREADABLE;
        }
        return mode.isBlocking() ? LONGEST_PAUSE_REFUSED : LONGEST_PAUSE_REFUSED_SHARED;
    }

    /**
     * Whether the newest response is the first one after a failure, or its index did not go forward: the registry may have
     * been restarted, and what it does not list it may just not know yet, or not show.
     */
    boolean doubtful() {
        return doubtful;
    }

    /** The index of the newest good response, unsigned; 0 before the first one. */
    long newestIndex() {
        return newest;
    }

    /** Starts over, with a query that is not to wait, after its connection was given up. */
    void startOver() {
        index = 0;
        distrusted = true;
    }

    /** Whether the newest attempt failed. */
    boolean failing() {
        return failing != null;
    }

    /** The longest that an attempt may take until the head of its response is there. */
    Duration timeout() {
        return patience().plus(longestMargin());
    }

    private Duration longestMargin() {
        Duration first = mode.margin().multipliedBy(2);
        return first.compareTo(LONGEST_MARGIN) > 0 ? first : LONGEST_MARGIN;
    }

    /** The longest that Consul itself waits: it adds up to a sixteenth to what it was asked for. */
    private Duration patience() {
        return wait.plus(wait.dividedBy(16));
    }

    /** {@code first} at the first time, twice as long at each further one, never above {@code limit}. */
    private static Duration doubling(Duration first, int times, Duration limit) {
        Duration doubled = first.multipliedBy(1L << Math.min(times - 1, 20));
        return doubled.compareTo(limit) < 0 ? doubled : limit;
    }
}

package dev.pointsman.retry;

import dev.pointsman.pool.Outcome;

/**
 * The kinds of failures of an attempt, as one table. Its columns: the blame, that is what the attempt says of its upstream;
 * whether another attempt may follow; and what that costs.
 */
public enum AttemptFailure {
    /**
     * It concerns the request, or the process that sends it as a whole: no upstream is to blame, and no other attempt would
     * help.
     */
    OF_THE_REQUEST(Outcome.UNDECIDED, Retry.NEVER, Cost.FREE),
    /**
     * This process has no file descriptor or no memory left for a connection to any upstream. Another attempt would need
     * the same.
     */
    OWN_SHORTAGE(Outcome.NOT_TRIED, Retry.NEVER, Cost.FREE),
    /**
     * This machine has no local port left for a connection to the upstream. It may have one for another upstream, as
     * ports are counted for each address that they lead to.
     */
    NO_LOCAL_PORT(Outcome.NOT_TRIED, Retry.UNSENT, Cost.FREE),
    /** The upstream refused the connection, or there is no way to it. */
    CONNECT_FAILED(Outcome.CONNECT_FAILED, Retry.REFUSED, Cost.FREE),
    /** The connection did not stand in time. */
    CONNECT_TIMEOUT(Outcome.CONNECT_FAILED, Retry.UNSENT, Cost.FREE),
    /** The connection broke before the response was there. */
    BROKEN_RESPONSE(Outcome.BROKEN, Retry.IF_REPEATABLE, Cost.BUDGET),
    /**
     * A connection that was idle broke before a byte of a response came. Its upstream closed it while the request was on
     * its way, which is its right (RFC 9112, 9.3.1).
     */
    STALE_CONNECTION(Outcome.UNDECIDED, Retry.IF_REPEATABLE, Cost.FREE),
    /** A connection that was idle turned out to be closed, or to have bytes on it, before anything was sent. */
    STALE_BEFORE_SENT(Outcome.UNDECIDED, Retry.UNSENT, Cost.FREE),
    /** The upstream said that it has not processed the request, as it refused it or was about to go (RFC 9113, 8.7). */
    NOT_PROCESSED(Outcome.UNDECIDED, Retry.IF_KEPT, Cost.FREE),
    /** The response is not valid HTTP, or too large, or a response to something else. */
    BAD_RESPONSE(Outcome.BROKEN, Retry.NEVER, Cost.FREE),
    /** The head of a response did not come in time. */
    RESPONSE_TIMEOUT(Outcome.TIMED_OUT, Retry.NEVER, Cost.FREE);

    /** The rule for another attempt: whether it may follow, and how many there may be in all. */
    enum Retry {
        /** None: it would not help, or make a slow service slower. */
        NEVER(1),
        /**
         * Another attempt of any request: nothing was sent. A refusal takes no time, and many instances may have gone
         * at once.
         */
        REFUSED(10),
        /**
         * Another attempt of any request: nothing was sent. A pool that is down as a whole should be found out about
         * quickly.
         */
        UNSENT(3),
        /** Another attempt of any request that is still there from its beginning: what was sent of it has had no effect. */
        IF_KEPT(5),
        /**
         * Another attempt of a request that means the same when it is sent twice, and that is still there from its
         * beginning.
         */
        IF_REPEATABLE(3);

        private final int mostAttempts;

        Retry(int mostAttempts) {
            this.mostAttempts = mostAttempts;
        }

        /** The number of attempts that a request may have, the first one included. */
        int mostAttempts() {
            return mostAttempts;
        }
    }

    /** Whether another attempt counts against the {@link RetryBudget}. */
    enum Cost {
        /** It does not count: the upstream was not asked for anything, or the connection alone was to blame. */
        FREE,
        /** It counts. */
        BUDGET
    }

    private final Outcome blame;
    private final Retry retry;
    private final Cost cost;

    AttemptFailure(Outcome blame, Retry retry, Cost cost) {
        this.blame = blame;
        this.retry = retry;
        this.cost = cost;
    }

    /** The outcome that counts for the upstream of the attempt. */
    public Outcome blame() {
        return blame;
    }

    Retry retry() {
        return retry;
    }

    Cost cost() {
        return cost;
    }

    /** Whether it came of using a connection again, so that a new one is all that is needed. */
    public boolean isOfReuse() {
        return this == STALE_CONNECTION || this == STALE_BEFORE_SENT;
    }

    /** Whether it is this process that falls short of something, and no upstream that fails. */
    public boolean isOwnShortage() {
        return blame == Outcome.NOT_TRIED;
    }
}

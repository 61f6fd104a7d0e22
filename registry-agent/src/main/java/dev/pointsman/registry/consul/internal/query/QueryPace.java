package dev.pointsman.registry.consul.internal.query;

import java.time.Duration;

/**
 * How long queries of a {@linkplain QueryMode#crowded() crowded} kind wait for a change: so much longer than usual, the more of them
 * there are, that with nothing to tell all of them together ask Consul no more often than {@value #UNSTRETCHED} do. Not thread-safe.
 */
final class QueryPace {
    /** How many may be sent without waiting longer than usual: four a second with a wait of 5 s. */
    static final int UNSTRETCHED = 20;

    private int queries;

    /** Counts one more that is sent again and again. */
    void join() {
        queries++;
    }

    /** Counts one less. */
    void leave() {
        queries--;
    }

    /** The wait in place of the usual one. */
    Duration stretched(Duration wait) {
        return queries <= UNSTRETCHED ? wait : wait.multipliedBy(queries).dividedBy(UNSTRETCHED);
    }
}

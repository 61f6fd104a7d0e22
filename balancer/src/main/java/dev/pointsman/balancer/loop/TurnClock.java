package dev.pointsman.balancer.loop;

import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * A clock that is read once in a turn of an event loop, however often it is asked: a request asks for the time a dozen times,
 * and timeouts do not need it more exactly than a turn is long. For that loop.
 */
public final class TurnClock implements LongSupplier {
    private final Executor turnEnd;
    private final LongSupplier clock;
    private final Runnable endOfTurn = this::endOfTurn;
    private long now;
    private boolean known;

    /**
     * A clock of one loop.
     *
     * @param turnEnd runs what it is given at the end of the loop's turn: the loop
     * @param clock is read, in nanoseconds
     */
    public TurnClock(Executor turnEnd, LongSupplier clock) {
        this.turnEnd = turnEnd;
        this.clock = clock;
    }

    @Override
    public long getAsLong() {
        if (!known) {
            now = clock.getAsLong();
            known = true;
            turnEnd.execute(endOfTurn);
        }
        return now;
    }

    private void endOfTurn() {
        known = false;
    }
}

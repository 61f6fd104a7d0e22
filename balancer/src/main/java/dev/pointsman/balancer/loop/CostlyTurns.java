package dev.pointsman.balancer.loop;

import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The shares of an event loop's turns that work takes which costs much, such as handshakes: a signature takes a millisecond. Thousands
 * that are due in one turn would make it last for seconds, for everyone; so each turn does what fits into {@link #SHARE}, one piece at
 * the least, in the order in which they came. For one event loop.
 */
public final class CostlyTurns {
    /** The time of one turn that is given to it; the last piece may go beyond. */
    static final Duration SHARE = Duration.ofMillis(2);

    private static final Logger log = LoggerFactory.getLogger(CostlyTurns.class);

    private final EventExecutor loop;
    private final LongSupplier nanoTime;
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private boolean isDue;

    /** The turns of a loop. */
    public CostlyTurns(EventExecutor loop, LongSupplier nanoTime) {
        this.loop = loop;
        this.nanoTime = nanoTime;
    }

    /** Has something done at the end of this turn, or of a later one where others wait. */
    public void add(Runnable work) {
        waiting.add(work);
        await();
    }

    private void await() {
        if (!isDue) {
            isDue = true;
            LoopTurns.inNextTurn(loop, this::turn);
        }
    }

    private void turn() {
        isDue = false;
        long begun = nanoTime.getAsLong();
        do {
            run(waiting.remove());
        } while (!waiting.isEmpty() && nanoTime.getAsLong() - begun < SHARE.toNanos());
        if (!waiting.isEmpty()) {
            await();
        }
    }

    private static void run(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException unexpected) {
            log.error("a connection cannot go on; others do", unexpected);
        }
    }
}

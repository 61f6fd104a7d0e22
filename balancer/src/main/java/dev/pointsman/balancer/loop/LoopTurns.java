package dev.pointsman.balancer.loop;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.TimeUnit;

/**
 * How the connections of an event loop share its turns.
 *
 * @param reads how much is read in one
 * @param flushes what is sent at the end of one
 * @param costly work of which a turn does not do much, however much is due
 * @param buffers what small messages are read into and written from, in every one
 */
public record LoopTurns(ReadTurns reads, TurnFlushes flushes, CostlyTurns costly, LoopBuffers buffers) {
    /** The turns of a loop. */
    public static LoopTurns of(EventLoop loop) {
        LoopBuffers buffers = new LoopBuffers();
        return new LoopTurns(
                new ReadTurns(loop, buffers), new TurnFlushes(loop), new CostlyTurns(loop, System::nanoTime), buffers);
    }

    /** Runs something in the next turn of a loop, after it has looked at its connections again. */
    public static void inNextTurn(EventExecutor loop, Runnable task) {
        // A plain task would run before the loop looks at them, a timer that is due runs after that.
        var unused = loop.schedule(task, 0, TimeUnit.NANOSECONDS);
    }
}

package dev.pointsman.balancer.loop;

import io.netty.channel.EventLoop;

/**
 * How the connections of an event loop share its turns.
 *
 * @param reads how much is read in one
 * @param flushes what is sent at the end of one
 */
public record LoopTurns(ReadTurns reads, TurnFlushes flushes) {
    /** The turns of a loop. */
    public static LoopTurns of(EventLoop loop) {
        return new LoopTurns(new ReadTurns(loop), new TurnFlushes(loop));
    }
}

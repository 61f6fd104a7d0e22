package dev.pointsman.balancer.loop;

import io.netty.channel.EventLoop;
import io.netty.channel.RecvByteBufAllocator;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * The fair shares of an event loop's turns. A turn looks at every connection on which something has arrived; thousands
 * of large transfers, each reading as much as it can, would make it last for seconds, for everyone. So a connection reads
 * once a turn, {@value #ONE_READ} bytes at the most, and all large transfers together read about {@value #ALL} bytes a
 * turn: those beyond wait for theirs, one behind the other. Small messages never wait. For one event loop.
 */
public final class ReadTurns {
    /** The bytes that a connection reads at the most in one turn. */
    public static final int ONE_READ = 64 * 1024;

    /** The bytes that large transfers read together in one turn; the last of them may go beyond by its own read. */
    public static final int ALL = 8 * ONE_READ;

    /** A turn in which a connection reads less than this is no part of a large transfer. */
    static final int SMALL = 8 * 1024;

    private final EventLoop loop;
    private final RecvByteBufAllocator oneReadATurn;
    private final Queue<FairReader> waiting = new ArrayDeque<>();
    private int left = ALL;
    private boolean turnOver;

    /**
     * The turns of a loop.
     *
     * @param small what little is read goes into
     */
    public ReadTurns(EventLoop loop, LoopBuffers small) {
        this.loop = loop;
        this.oneReadATurn = new FairBuffers(ONE_READ, small);
    }

    /** Makes the buffers for what is read, and ends a connection's turn with its first read. */
    RecvByteBufAllocator buffers() {
        return oneReadATurn;
    }

    /** Counts what a connection has read in this turn; whether it has to wait for a later one before it reads again. */
    boolean mustWait(int bytes) {
        if (bytes < SMALL) {
            return false;
        }
        left -= bytes;
        nextTurnAfterThis();
        return left <= 0;
    }

    void await(FairReader reader) {
        waiting.add(reader);
    }

    void leave(FairReader reader) {
        waiting.remove(reader);
    }

    private void nextTurnAfterThis() {
        if (!turnOver) {
            turnOver = true;
            LoopTurns.inNextTurn(loop, this::nextTurn);
        }
    }

    private void nextTurn() {
        turnOver = false;
        left = ALL;
        for (int reads = ALL / ONE_READ; reads > 0 && !waiting.isEmpty(); reads--) {
            waiting.remove().itsTurn();
        }
        if (!waiting.isEmpty()) {
            // Those whose turn it is may have nothing to read.
            nextTurnAfterThis();
        }
    }
}

package dev.pointsman.balancer.downstream.http2;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What has arrived on a connection, let through to be decoded as far as the frames of one turn of the loop go. One read may hold thousands
 * of small frames, and every other connection would wait for them. What is left waits for the next turn, and nothing is read meanwhile. For
 * one event loop.
 */
final class ArrivedBytes {
    private final FrameScan scan;
    private final Decoder decoder;
    private final Deque<ByteBuf> waiting = new ArrayDeque<>(1);

    /** Takes what is let through. */
    interface Decoder {
        /** Whether nothing that comes is of interest any more. */
        boolean isClosing();

        /** Looks at bytes, and leaves them as they are; how many are to be decoded in this turn. */
        int look(ByteBuf bytes);

        /** Takes bytes, and releases them. */
        void decode(ByteBuf bytes);

        /** Handles that all of a turn has been decoded. */
        void turnDecoded();

        /** Handles that bytes begin to wait, or that none waits any more. */
        void waitingChanged();

        /** Runs something in the next turn of the loop, after it has looked at its other connections. */
        void inNextTurn(Runnable task);
    }

    ArrivedBytes(FrameScan scan, Decoder decoder) {
        this.scan = scan;
        this.decoder = decoder;
    }

    /** Whether something waits for the next turn. */
    boolean isWaiting() {
        return !waiting.isEmpty();
    }

    /** Takes what was read, and releases it. */
    void arrive(ByteBuf bytes) {
        if (isWaiting()) {
            waiting.add(bytes);
            return;
        }
        pass(bytes);
        if (isWaiting()) {
            decoder.waitingChanged();
            decoder.inNextTurn(this::nextTurn);
        }
    }

    /** Handles that all has arrived of one read. */
    void readComplete() {
        if (!isWaiting()) {
            scan.beginTurn();
        }
    }

    /** Lets bytes through; whether there may be more in this turn. */
    private boolean pass(ByteBuf bytes) {
        int now = decoder.isClosing() ? 0 : decoder.look(bytes);
        if (decoder.isClosing()) {
            bytes.release();
            return true;
        }
        if (now == bytes.readableBytes()) {
            decoder.decode(bytes);
            return true;
        }
        ByteBuf whole = bytes.readRetainedSlice(now);
        waiting.addFirst(bytes);
        decoder.decode(whole);
        return false;
    }

    private void nextTurn() {
        scan.beginTurn();
        boolean goesOn = true;
        while (goesOn && isWaiting()) {
            goesOn = pass(waiting.remove());
        }
        decoder.turnDecoded();
        if (isWaiting()) {
            decoder.inNextTurn(this::nextTurn);
        } else {
            scan.beginTurn();
            decoder.waitingChanged();
        }
    }

    /** Drops what waits, as the connection has ended. */
    void drop() {
        waiting.forEach(ByteBuf::release);
        waiting.clear();
    }
}

package dev.pointsman.balancer.accesslog;

import java.nio.ByteBuffer;

/**
 * A bounded way for lines from one event loop to the thread that writes them: bytes in a circle. Neither side ever waits, and
 * nothing is allocated for a line. One thread offers, one drains.
 */
final class LineRing {
    private final byte[] bytes;
    private final int mask;

    /** Counts the bytes that were offered, ever; where it stands, a line has ended. Written by the thread that offers. */
    private volatile long end;

    /** Counts the bytes that were drained, ever. Written by the thread that drains. */
    private volatile long begin;

    /** What the thread that offers saw of {@link #begin} last. */
    private long seenBegin;

    private volatile boolean finished;

    /** @param size in bytes, a power of two */
    LineRing(int size) {
        if (Integer.bitCount(size) != 1) {
            throw new IllegalArgumentException(size + " is no power of two");
        }
        this.bytes = new byte[size];
        this.mask = size - 1;
    }

    /**
     * Takes a line with its end, if there is room for it.
     *
     * @return whether it was taken
     */
    boolean offer(byte[] line, int length) {
        long at = end;
        if (at + length - seenBegin > bytes.length) {
            seenBegin = begin;
            if (at + length - seenBegin > bytes.length) {
                return false;
            }
        }
        int from = (int) at & mask;
        int first = Math.min(length, bytes.length - from);
        System.arraycopy(line, 0, bytes, from, first);
        System.arraycopy(line, first, bytes, 0, length - first);
        // A full fence: the writer may be about to sleep, and one of both has to see the other.
        end = at + length;
        return true;
    }

    /** Says that nothing more will be offered. */
    void finish() {
        finished = true;
    }

    /** Whether nothing will ever be drained any more. */
    boolean isOver() {
        // In this order: what was offered before the end is seen behind it.
        return finished && isEmpty();
    }

    boolean isEmpty() {
        return begin == end;
    }

    /**
     * Moves whole lines, the oldest first, as many as there is room for.
     *
     * @return whether there were any
     */
    boolean drainTo(ByteBuffer to) {
        long from = begin;
        long until = endOfLine(from, Math.min(end, from + to.remaining()));
        int length = (int) (until - from);
        if (length == 0) {
            return false;
        }
        int start = (int) from & mask;
        int first = Math.min(length, bytes.length - start);
        to.put(bytes, start, first);
        to.put(bytes, 0, length - first);
        begin = until;
        return true;
    }

    /** Drops all that is left, and tells how many lines that were. */
    long discard() {
        long lines = 0;
        long until = end;
        for (long at = begin; at < until; at++) {
            lines += bytes[(int) at & mask] == '\n' ? 1 : 0;
        }
        begin = until;
        return lines;
    }

    /** The last end of a line that is not behind a place. */
    private long endOfLine(long from, long most) {
        long until = most;
        while (until > from && bytes[(int) (until - 1) & mask] != '\n') {
            until--;
        }
        return until;
    }
}

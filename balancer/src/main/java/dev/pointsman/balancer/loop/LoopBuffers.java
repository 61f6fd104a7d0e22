package dev.pointsman.balancer.loop;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import org.jspecify.annotations.Nullable;

/**
 * Direct buffers for heads and other small messages, which an event loop uses again and again. One is free once everybody
 * else has released it: the loop holds it, so it is never grown or freed by others, and one that is forgotten costs its own
 * place alone. An allocator's buffer, by contrast, is an object, a place in a pool and a view for the socket each time. What
 * is larger, and what comes while many are in use, has a buffer of an allocator. To be used on that loop; released anywhere.
 */
public final class LoopBuffers {
    /** The capacity of each, in bytes. */
    static final int SIZE = 4 * 1024;

    /** Buffers kept; a turn uses about four for each request in it, and goes on at the place where the last one ended. */
    static final int KEPT = 128;

    /** How many that are in use are looked at before one of an allocator is taken. */
    private static final int LOOKS = 4;

    /**
     * These are never released by their loop, which the detector of leaks would take for one. The JVM frees them when the loop is
     * gone: it does that for buffers with a cleaner only.
     */
    private static final ByteBufAllocator KEEPER = new UnpooledByteBufAllocator(true, true, false);

    private final @Nullable ByteBuf[] kept;
    private int next;

    /** None yet; each is made when its place is reached first. */
    public LoopBuffers() {
        // Who looks for leaks that closely wants to know of each buffer where it was made.
        this(ResourceLeakDetector.getLevel() == ResourceLeakDetector.Level.PARANOID ? 0 : KEPT);
    }

    LoopBuffers(int places) {
        kept = new ByteBuf[places];
    }

    /**
     * A buffer, empty, to be released.
     *
     * @param capacity in bytes, at least
     * @param others makes those that are none of these
     */
    public ByteBuf take(int capacity, ByteBufAllocator others) {
        if (capacity <= SIZE) {
            for (int look = 0; look < LOOKS && look < kept.length; look++) {
                ByteBuf buffer = atNextPlace();
                if (buffer.refCnt() == 1) {
                    return buffer.clear().retain();
                }
            }
        }
        return others.directBuffer(capacity);
    }

    private ByteBuf atNextPlace() {
        int place = next;
        next = place + 1 == kept.length ? 0 : place + 1;
        ByteBuf buffer = kept[place];
        if (buffer == null) {
            buffer = KEEPER.directBuffer(SIZE, SIZE);
            kept[place] = buffer;
        }
        return buffer;
    }
}

package dev.pointsman.balancer.downstream.http2;

import dev.pointsman.balancer.downstream.Http2Abuse;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameTypes;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The bounds for what costs us more than it costs a client. It follows the frames in the bytes of a connection before they are
 * decoded, and counts them by type within a window of time; what grows with honest use is bounded in proportion to it: who
 * downloads much opens windows often. For one connection.
 */
final class FloodGuard {
    private static final long WINDOW = Duration.ofSeconds(30).toNanos();
    private static final int FRAME_HEADER = 9;
    private static final int PREFACE = 24;

    private static final int MOST_RESETS = 200;
    private static final int MOST_SETTINGS = 50;
    private static final int MOST_PINGS = 500;
    private static final int MOST_PRIORITIES = 500;
    private static final int MOST_WINDOW_UPDATES = 1000;
    private static final int MOST_UNKNOWN = 200;
    private static final int MOST_EMPTY_DATA = 100;
    private static final int MOST_CONTINUATIONS = 32;

    /** Bytes; a window that is opened by less is not worth a frame, unless a client has little memory. */
    private static final int SMALL_OPENING = 64;

    private final int maxHead;
    private final byte[] header = new byte[FRAME_HEADER];
    private int headerBytes;
    private long skip = PREFACE;
    private boolean inPreface = true;

    /** Whether a field section has begun and not ended, or null: a block of one field section, and the time of its first frame. */
    private boolean inSection;

    private long sectionSince;
    private int sectionFrames;
    private long sectionBytes;

    private long windowSince;
    private int streams;
    private int resets;
    private int settings;
    private int pings;
    private int priorities;
    private int windowUpdates;
    private int smallOpenings;
    private int unknown;
    private int emptyData;
    private long data;
    private long sent;

    /**
     * The guard of a connection that begins.
     *
     * @param maxHead bytes of a field section
     */
    FloodGuard(int maxHead, long now) {
        this.maxHead = maxHead;
        this.windowSince = now;
    }

    /** Looks at bytes that have arrived, and leaves them as they are; the flood that they show, or null. */
    @Nullable
    Http2Abuse arrived(ByteBuf bytes, long now) {
        if (now - windowSince > WINDOW) {
            windowSince = now;
            streams = resets = settings = pings = priorities = 0;
            windowUpdates = smallOpenings = unknown = emptyData = 0;
            data = sent = 0;
        }
        int at = bytes.readerIndex();
        int end = bytes.writerIndex();
        while (at < end) {
            if (skip > 0) {
                int passed = (int) Math.min(skip, end - at);
                skip -= passed;
                at += passed;
                inPreface &= skip > 0;
            } else {
                header[headerBytes++] = bytes.getByte(at++);
                if (headerBytes == FRAME_HEADER) {
                    headerBytes = 0;
                    Http2Abuse flood = frame(now);
                    if (flood != null) {
                        return flood;
                    }
                }
            }
        }
        return null;
    }

    private @Nullable Http2Abuse frame(long now) {
        int length = (header[0] & 0xff) << 16 | (header[1] & 0xff) << 8 | (header[2] & 0xff);
        skip = length;
        int flags = header[4];
        boolean ack = (flags & Http2Flags.ACK) != 0;
        return switch (header[3]) {
            case Http2FrameTypes.DATA -> {
                data++;
                yield null;
            }
            case Http2FrameTypes.HEADERS -> {
                streams++;
                inSection = true;
                sectionSince = now;
                sectionFrames = 0;
                sectionBytes = 0;
                yield section(length, flags);
            }
            case Http2FrameTypes.CONTINUATION -> {
                sectionFrames++;
                yield section(length, flags);
            }
            case Http2FrameTypes.RST_STREAM -> null;
            case Http2FrameTypes.SETTINGS -> !ack && ++settings > MOST_SETTINGS ? Http2Abuse.SETTINGS : null;
            case Http2FrameTypes.PING -> !ack && ++pings > MOST_PINGS + 2 * (sent + data) ? Http2Abuse.PING : null;
            case Http2FrameTypes.PRIORITY -> ++priorities > MOST_PRIORITIES + 3L * streams ? Http2Abuse.PRIORITY : null;
            case Http2FrameTypes.WINDOW_UPDATE ->
                ++windowUpdates > MOST_WINDOW_UPDATES + 4 * sent ? Http2Abuse.WINDOW : null;
            default -> ++unknown > MOST_UNKNOWN + 2L * streams ? Http2Abuse.UNKNOWN_FRAME : null;
        };
    }

    private @Nullable Http2Abuse section(int length, int flags) {
        sectionBytes += length;
        if ((flags & Http2Flags.END_HEADERS) != 0) {
            inSection = false;
        }
        return sectionFrames > MOST_CONTINUATIONS || sectionBytes > 2L * maxHead + MOST_WINDOW_UPDATES
                ? Http2Abuse.CONTINUATION
                : null;
    }

    /** Notes that a request was reset by its client before its response was complete, or by us for what the client sent; whether that is a flood. */
    boolean isResetFlood() {
        return ++resets > MOST_RESETS && resets > streams / 2;
    }

    /** Notes a DATA frame without data or the end of its stream; whether that is a flood. */
    boolean isEmptyDataFlood() {
        return ++emptyData > MOST_EMPTY_DATA;
    }

    /** Notes that a window was opened by so many bytes; whether that is a flood. */
    boolean isWindowFlood(int bytes) {
        return bytes < SMALL_OPENING && ++smallOpenings > MOST_WINDOW_UPDATES;
    }

    /** Notes that a frame with a part of a response was sent. */
    void sent() {
        sent++;
    }

    /** Whether the beginning of a field section, or of any frame, has come and its end has not, for longer than this. */
    boolean isSectionOverdue(long now, long nanos) {
        return inSection && now - sectionSince > nanos;
    }

    /** Whether the preface has not come whole, and so there is no request to be late. */
    boolean isInPreface() {
        return inPreface;
    }
}

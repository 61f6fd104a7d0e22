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
    private static final int MOST_RESETS = 200;
    private static final int MOST_SETTINGS = 50;
    private static final int MOST_PINGS = 500;
    private static final int MOST_PRIORITIES = 500;
    private static final int MOST_WINDOW_UPDATES = 1000;
    private static final int MOST_UNKNOWN = 200;
    private static final int MOST_EMPTY_DATA = 100;
    private static final int MOST_CONTINUATIONS = 32;

    /** A window of the smallest parts of a body, which may be under way when its request is responded to early. */
    private static final int MOST_LATE = 3000;

    /** Bytes; a window that is opened by less is not worth a frame, unless a client has little memory. */
    private static final int SMALL_OPENING = 64;

    private final int maxHead;
    private final FrameScan scan = new FrameScan(this::frame);
    private @Nullable Http2Abuse flood;
    private long now;

    /** Whether a field section has begun and not ended. */
    private boolean inSection;

    private long sectionSince;
    private int sectionFrames;
    private long sectionBytes;

    private long windowSince;
    private int requests;
    private int resets;
    private int settings;
    private int pings;
    private int priorities;
    private int windowUpdates;
    private int smallOpenings;
    private int unknown;
    private int emptyData;
    private int late;
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

    /** Looks at bytes that have arrived, as far as they are to be decoded now, and leaves them as they are; how many that is. */
    int arrived(ByteBuf bytes, long time) {
        now = time;
        if (now - windowSince > WINDOW) {
            windowSince = now;
            requests = resets = settings = pings = priorities = 0;
            windowUpdates = smallOpenings = unknown = emptyData = late = 0;
            data = sent = 0;
        }
        return scan.scan(bytes);
    }

    /** The search for frames in what arrives. */
    FrameScan scan() {
        return scan;
    }

    /** The flood that the frames show, or null. */
    @Nullable
    Http2Abuse flood() {
        return flood;
    }

    private boolean frame(int length, int type, int flags) {
        flood = switch (type) {
            case Http2FrameTypes.DATA -> {
                data++;
                yield null;
            }
            case Http2FrameTypes.HEADERS -> {
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
            case Http2FrameTypes.SETTINGS -> ++settings > MOST_SETTINGS ? Http2Abuse.SETTINGS : null;
            case Http2FrameTypes.PING -> ++pings > MOST_PINGS + 2 * (sent + data) ? Http2Abuse.PING : null;
            case Http2FrameTypes.PRIORITY ->
                ++priorities > MOST_PRIORITIES + 3L * requests ? Http2Abuse.PRIORITY : null;
            case Http2FrameTypes.WINDOW_UPDATE ->
                ++windowUpdates > MOST_WINDOW_UPDATES + 4 * sent ? Http2Abuse.WINDOW : null;
            default -> ++unknown > MOST_UNKNOWN + 2L * requests ? Http2Abuse.UNKNOWN_FRAME : null;
        };
        return flood == null;
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

    /** Notes that a request began. */
    void requestBegan() {
        requests++;
    }

    /** Notes a frame of a stream that is over; whether that is a flood. */
    boolean isLateFlood() {
        return ++late > MOST_LATE + 100L * requests;
    }

    /** Notes that a request was reset by its client before its response was complete, or by us for what the client sent; whether that is a flood. */
    boolean isResetFlood() {
        return ++resets > MOST_RESETS && resets > requests / 2;
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
}

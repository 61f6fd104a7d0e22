package dev.pointsman.balancer.upstream.http2;

import java.time.Duration;

/**
 * The bound of what an upstream sends besides responses: PINGs, SETTINGS and the like cost us time or an answer. Some are in order at any
 * time, and more in proportion to the frames of messages, as servers of gRPC send a PING when a message comes. For one connection.
 */
final class FrameAllowance {
    /** SETTINGS within the time; they may concern every stream. */
    static final int MOST_SETTINGS = 100;

    /** Others within the time, if there is not one message. */
    static final int MOST_OTHERS = 2000;

    private static final int FOR_EACH_MESSAGE_FRAME = 4;
    private static final int FRAME = 16 * 1024;
    private static final long WINDOW = Duration.ofSeconds(30).toNanos();

    private long since;
    private int settings;
    private int others;
    private long messageFrames;

    FrameAllowance(long now) {
        since = now;
    }

    /** Notes a part of a message, in either direction. */
    void message(int bytes) {
        messageFrames += 1 + bytes / FRAME;
    }

    /** Notes SETTINGS; whether these are too many. */
    boolean isExceededBySettings(long now) {
        return isExceeded(now) || ++settings > MOST_SETTINGS;
    }

    /** Notes any other frame that is no part of a message; whether these are too many. */
    boolean isExceeded(long now) {
        if (now - since > WINDOW) {
            since = now;
            settings = 0;
            others = 0;
            messageFrames = 0;
        }
        return ++others > MOST_OTHERS + FOR_EACH_MESSAGE_FRAME * messageFrames;
    }
}

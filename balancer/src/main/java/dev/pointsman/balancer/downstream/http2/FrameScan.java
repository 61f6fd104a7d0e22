package dev.pointsman.balancer.downstream.http2;

import io.netty.buffer.ByteBuf;

/**
 * The search for the headers of frames in the bytes of a connection (RFC 9113, 4.1), behind its preface and before they are decoded. It
 * goes as far as the frames of one turn of the loop. For one event loop.
 */
final class FrameScan {
    /** Frames of one connection that are decoded in one turn: the smallest take a microsecond each, and others wait for them. */
    static final int MOST_IN_TURN = 500;

    private static final int FRAME_HEADER = 9;
    private static final int PREFACE = 24;

    private final FrameListener listener;
    private final byte[] header = new byte[FRAME_HEADER];
    private int headerBytes;
    private long skip = PREFACE;
    private boolean inPreface = true;
    private int leftInTurn = MOST_IN_TURN;

    /** Gets what is found. */
    interface FrameListener {
        /** Takes note of a frame whose header has come whole; whether to go on. */
        boolean frame(int length, int type, int flags);
    }

    FrameScan(FrameListener listener) {
        this.listener = listener;
    }

    /** Begins a turn of the loop. */
    void beginTurn() {
        leftInTurn = MOST_IN_TURN;
    }

    /** Looks at bytes behind those of last time, and leaves them as they are; how many of them belong to this turn. */
    int scan(ByteBuf bytes) {
        int begin = bytes.readerIndex();
        int end = bytes.writerIndex();
        int at = begin;
        boolean goesOn = true;
        while (goesOn && at < end && !isTurnOver()) {
            if (skip > 0) {
                int passed = (int) Math.min(skip, end - at);
                skip -= passed;
                at += passed;
                inPreface &= skip > 0;
            } else {
                header[headerBytes++] = bytes.getByte(at++);
                goesOn = headerBytes < FRAME_HEADER || found();
            }
        }
        return at - begin;
    }

    private boolean found() {
        int length = (header[0] & 0xff) << 16 | (header[1] & 0xff) << 8 | (header[2] & 0xff);
        headerBytes = 0;
        skip = length;
        leftInTurn--;
        return listener.frame(length, header[3], header[4]);
    }

    /** Whether the frames of this turn have come, and the last of them whole. */
    private boolean isTurnOver() {
        return leftInTurn <= 0 && skip == 0 && headerBytes == 0;
    }

    /** Whether the preface has not come whole. */
    boolean isInPreface() {
        return inPreface;
    }
}

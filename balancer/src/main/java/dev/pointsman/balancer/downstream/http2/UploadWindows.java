package dev.pointsman.balancer.downstream.http2;

import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2LocalFlowController;
import io.netty.handler.codec.http2.Http2Stream;

/**
 * The windows for what a client sends (RFC 9113, 5.2). A stream begins with {@link #STREAM} bytes, and gets more while its instance
 * keeps pace. The window of the connection is open again as bytes arrive, so that a slow request does not stop the others; but what
 * the slow ones hold beyond {@link #FREELY_HELD} is taken off it, so that never more than both together is held. For one event loop.
 */
final class UploadWindows {
    /** Bytes of one request's body that may be under way, or held because its instance is slow, at first. */
    static final int STREAM = 64 * 1024;

    /** The same where the instance keeps pace: what a way of 100 ms needs for 80 Mbit/s. */
    static final int MOST_STREAM = 1024 * 1024;

    /** Bytes of all requests' bodies that may be under way. */
    static final int CONNECTION = 1024 * 1024;

    /** Bytes that slow requests may hold without the others getting less. */
    static final int FREELY_HELD = 256 * 1024;

    private final Http2ClientConnection connection;
    private int held;
    private int open = Http2CodecUtil.DEFAULT_WINDOW_SIZE;

    UploadWindows(Http2ClientConnection connection) {
        this.connection = connection;
    }

    /** Opens the window of the connection, behind the SETTINGS that begin it. */
    void begin() throws Http2Exception {
        resize();
    }

    /** Notes that bytes of a body have come that its instance does not take yet. */
    void hold(int bytes) {
        held += bytes;
        resizeOrBreak();
    }

    /** Gives a stream's window back, for bytes that were held. */
    void giveBack(Http2Stream stream, int bytes) {
        held -= bytes;
        if (connection.outgoing().isOpen(stream)) {
            try {
                flow().consumeBytes(stream, bytes);
                resize();
                connection.outgoing().flushSoon();
            } catch (Http2Exception impossible) {
                connection.broken(impossible);
            }
        }
    }

    /** Notes that bytes that were held are dropped, with their stream. */
    void drop(int bytes) {
        held -= bytes;
        resizeOrBreak();
    }

    /**
     * Gives a stream a window of twice the size, up to {@link #MOST_STREAM}.
     *
     * @param size of its window now
     * @return of its window from now on
     */
    int grow(Http2Stream stream, int size) {
        int larger = Math.min(2 * size, MOST_STREAM);
        if (larger > size && connection.outgoing().isOpen(stream)) {
            try {
                flow().incrementWindowSize(stream, larger - size);
            } catch (Http2Exception impossible) {
                connection.broken(impossible);
            }
        }
        return larger;
    }

    private void resizeOrBreak() {
        if (!connection.isClosing()) {
            try {
                resize();
            } catch (Http2Exception impossible) {
                connection.broken(impossible);
            }
        }
    }

    private void resize() throws Http2Exception {
        int wanted = Math.max(0, CONNECTION - Math.max(0, held - FREELY_HELD));
        if (wanted != open) {
            // What is open already is never taken back, the window is only not opened again.
            flow().incrementWindowSize(connection.frames().connectionStream(), wanted - open);
            open = wanted;
            connection.outgoing().flushSoon();
        }
    }

    private Http2LocalFlowController flow() {
        return connection.frames().local().flowController();
    }
}

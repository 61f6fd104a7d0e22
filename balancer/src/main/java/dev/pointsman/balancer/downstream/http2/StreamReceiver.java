package dev.pointsman.balancer.downstream.http2;

import dev.pointsman.balancer.downstream.ReceivedRequest;
import dev.pointsman.balancer.downstream.TunnelListener;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import org.jspecify.annotations.Nullable;

/**
 * What comes on a stream behind the head of its request: a body, counted against the length that was stated, and its trailers; or
 * what goes through a tunnel. It has the stream's window for it. For one event loop.
 */
final class StreamReceiver {
    private final Http2ClientStream stream;
    private final Http2ClientConnection connection;
    private final Http2Stream frames;
    private final ReceivedRequest received;
    private final long expected;
    private @Nullable TunnelListener tunnel;
    private @Nullable ByteBuf early;
    private boolean awaitsTunnel;
    private boolean reading = true;
    private boolean ended;
    private boolean unwanted;

    private int window = UploadWindows.STREAM;
    private int held;

    /** What has come, and the most that was held of it, since the window was of another size. */
    private int sinceGrowth;

    private int mostHeld;

    /**
     * What receives behind a head.
     *
     * @param expected bytes of the body, if they were stated; else -1
     * @param ended whether nothing follows
     * @param awaitsTunnel whether what follows is for a tunnel that does not stand yet
     */
    StreamReceiver(
            Http2ClientStream stream,
            Http2ClientConnection connection,
            Http2Stream frames,
            ReceivedRequest received,
            long expected,
            boolean ended,
            boolean awaitsTunnel) {
        this.stream = stream;
        this.connection = connection;
        this.frames = frames;
        this.received = received;
        this.expected = expected;
        this.ended = ended;
        this.awaitsTunnel = awaitsTunnel;
        if (ended) {
            received.body().ends(EmptyHttpHeaders.INSTANCE);
        }
    }

    /** Takes a part of what comes; how many bytes of the window are given back at once. */
    int dataReceived(ByteBuf data, boolean isEnd) {
        int bytes = data.readableBytes();
        TunnelListener open = tunnel;
        if (open != null) {
            fromTunnel(open, data, isEnd);
        } else if (unwanted) {
            data.release();
            ended |= isEnd;
        } else if (awaitsTunnel) {
            keep(data);
            ended |= isEnd;
        } else {
            body(data, isEnd);
        }
        if (isTaken()) {
            growIfDue(bytes);
            return bytes;
        }
        held += bytes;
        connection.windows().hold(bytes);
        mostHeld = Math.max(mostHeld, held);
        growIfDue(bytes);
        return 0;
    }

    /** Whether what comes is taken at once, or dropped. */
    private boolean isTaken() {
        return unwanted || (reading && !awaitsTunnel);
    }

    private void growIfDue(int bytes) {
        sinceGrowth += bytes;
        if (sinceGrowth >= window) {
            // An instance that has kept pace with a whole window may get more at a time.
            if (mostHeld <= window / 2 && !ended && !unwanted) {
                window = connection.windows().grow(frames, window);
            }
            sinceGrowth = 0;
            mostHeld = held;
        }
    }

    /** Keeps what came for a tunnel that does not stand yet, which is as little as a window; together, however small its parts. */
    private void keep(ByteBuf data) {
        ByteBuf kept = early;
        if (kept == null) {
            kept = Unpooled.buffer();
            early = kept;
        }
        kept.writeBytes(data);
        data.release();
    }

    private void body(ByteBuf data, boolean isEnd) {
        long sum = received.body().received() + data.readableBytes();
        if (expected >= 0 && (sum > expected || (isEnd && sum < expected))) {
            data.release();
            fail("content of another length than Content-Length says");
            return;
        }
        received.body().arrives(data);
        if (isEnd) {
            ended = true;
            received.body().ends(EmptyHttpHeaders.INSTANCE);
        }
    }

    /** Ends a request that turns out to be malformed while it is served. */
    private void fail(String flaw) {
        stream.becomeMalformed();
        received.body().fails();
        connection.incoming().malformed(frames, flaw);
    }

    private void fromTunnel(TunnelListener open, ByteBuf data, boolean isEnd) {
        if (data.isReadable()) {
            open.fromClient(data);
        } else {
            data.release();
        }
        if (isEnd) {
            ended = true;
            open.clientClosed();
            stream.endTunnel();
        }
    }

    void trailersReceived(Http2Headers section, boolean isEnd) {
        if (unwanted) {
            ended |= isEnd;
            return;
        }
        RequestFields read = RequestFields.ofTrailers(section);
        String flaw = read.flaw();
        if (flaw != null) {
            fail(flaw);
        } else if (!isEnd || tunnel != null || awaitsTunnel) {
            fail("trailers that do not end the request");
        } else if (expected >= 0 && received.body().received() != expected) {
            fail("content of another length than Content-Length says");
        } else {
            ended = true;
            connection.shared().rules().underscoreFields().removeFrom(read.fields());
            received.body().ends(read.fields());
        }
    }

    void readComplete() {
        if (!unwanted) {
            received.body().readComplete();
        }
    }

    /** Gives back the window for what has come, and for what comes from now on, or holds it. */
    void setReading(boolean wanted) {
        reading = wanted;
        if (held > 0 && isTaken()) {
            int bytes = held;
            held = 0;
            connection.windows().giveBack(frames, bytes);
        }
    }

    /** Passes on from now on to a tunnel that stands, and at first what has come already. */
    void becomeTunnel(TunnelListener listener) {
        tunnel = listener;
        awaitsTunnel = false;
        ByteBuf kept = early;
        early = null;
        if (kept != null) {
            listener.fromClient(kept);
        }
        if (ended) {
            listener.clientClosed();
            stream.endTunnel();
        }
    }

    /** The tunnel, for its end; null for none, and from then on. */
    @Nullable
    TunnelListener takeTunnel() {
        TunnelListener open = tunnel;
        tunnel = null;
        return open;
    }

    @Nullable
    TunnelListener tunnel() {
        return tunnel;
    }

    /** Whether the client has sent all of it. */
    boolean isEnded() {
        return ended;
    }

    /** Drops what has come, and what will. */
    void discard() {
        unwanted = true;
        received.body().discard();
        releaseKept();
        setReading(true);
    }

    /** Handles that the stream has ended. */
    void closed() {
        releaseKept();
        if (held > 0) {
            int bytes = held;
            held = 0;
            connection.windows().drop(bytes);
        }
    }

    private void releaseKept() {
        ByteBuf kept = early;
        early = null;
        if (kept != null) {
            kept.release();
        }
    }
}

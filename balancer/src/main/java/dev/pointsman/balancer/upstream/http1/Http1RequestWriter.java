package dev.pointsman.balancer.upstream.http1;

import dev.pointsman.balancer.http.BodyFraming;
import dev.pointsman.balancer.http.ChunkedBody;
import dev.pointsman.balancer.http.HeadBuffer;
import dev.pointsman.balancer.loop.Channels;
import dev.pointsman.balancer.loop.TurnFlushes;
import dev.pointsman.balancer.upstream.UpstreamRequest;
import dev.pointsman.balancer.upstream.UpstreamSocket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaders;

/**
 * The requests of a connection to an instance as they go out, one at a time: their bytes, and when they are sent. What comes first on a
 * connection that was idle is not sent if something has arrived on it; then the connection ends, as a stale one. For one event loop.
 */
final class Http1RequestWriter implements TurnFlushes.Sender {
    private final Http1UpstreamConnection connection;
    private final Http1UpstreamConnections connections;
    private final UpstreamSocket channel;

    private BodyFraming framing = BodyFraming.NONE;
    private boolean reused;

    /** Whether the socket is looked at before the present request is sent. */
    private boolean looksFirst;

    /** Whether a part of the present request was passed to the channel, to be sent. */
    private boolean sending;

    /** Whether what was written waits for the end of the turn to be sent. */
    private boolean waitsToSend;

    /** Whether the present request has a body whose end was not written yet. */
    private boolean uploading;

    Http1RequestWriter(
            Http1UpstreamConnection connection, Http1UpstreamConnections connections, UpstreamSocket channel) {
        this.connection = connection;
        this.connections = connections;
        this.channel = channel;
    }

    /**
     * Notes that the connection was taken from the idle ones.
     *
     * @param looks whether something may have arrived that the loop has not seen
     */
    void taken(boolean looks) {
        reused = true;
        looksFirst = looks;
    }

    /** Whether the connection was idle before its present request. */
    boolean isReused() {
        return reused;
    }

    /** Whether a part of the present request may have reached the instance. */
    boolean isSending() {
        return sending;
    }

    boolean isUploading() {
        return uploading;
    }

    void begin(UpstreamRequest request) {
        framing = request.body();
        looksFirst |= !request.isRepeatable();
        sending = false;
        uploading = framing != BodyFraming.NONE;
    }

    /** Writes the request's head. */
    void writeHead(HeadBuffer head) {
        ByteBuf bytes = connections.turns().buffers().take(head.length(), channel.alloc());
        head.writeTo(bytes::writeBytes);
        write(bytes);
    }

    void writeBody(ByteBuf piece) {
        if (framing == BodyFraming.CHUNKED) {
            write(Unpooled.wrappedBuffer(ChunkedBody.sizeLine(piece.readableBytes())));
            write(piece);
            write(Unpooled.wrappedBuffer(ChunkedBody.lineEnd()));
        } else {
            write(piece);
        }
    }

    void writeBodyEnd(HttpHeaders trailers) {
        uploading = false;
        if (framing == BodyFraming.CHUNKED) {
            ByteBuf end = Unpooled.buffer();
            ChunkedBody.lastChunk(trailers).writeTo(end::writeBytes);
            write(end);
        }
    }

    /** Writes bytes as they are, which are released then; failures go to the listener. */
    void write(ByteBuf bytes) {
        Channels.write(channel, bytes);
    }

    /** Sends what was written, at the end of the loop's turn or, if it is much, now. */
    void flush() {
        if (TurnFlushes.isLarge(channel)) {
            sendNow(false);
        } else if (!waitsToSend) {
            waitsToSend = true;
            connections.turns().flushes().add(this);
        }
    }

    @Override
    public void sendNow(boolean turnIsOver) {
        waitsToSend = false;
        if (connection.isClosed()) {
            return;
        }
        if (sending) {
            channel.flush();
        } else if (isSurelySilent(turnIsOver) || channel.isSilent(connections.scratch())) {
            sending = true;
            channel.flush();
            connection.requestSending();
        } else {
            // The listener learns of it by the end of the channel, and not while it is sending.
            Channels.close(channel);
        }
    }

    /** Whether the loop itself would have read what came without a request, so that the socket need not be looked at. */
    private boolean isSurelySilent(boolean turnIsOver) {
        return !reused || (turnIsOver && !looksFirst);
    }
}

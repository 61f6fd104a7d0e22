package dev.pointsman.balancer.downstream.http2;

import dev.pointsman.balancer.loop.TurnFlushes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import org.jspecify.annotations.Nullable;

/**
 * What goes to a client on its connection, frame by frame; sent at the end of the loop's turn. Nothing goes out any more once the
 * connection closes. For one event loop.
 */
final class OutgoingFrames implements TurnFlushes.Sender {
    private final Http2ClientConnection connection;
    private final Channel channel;
    private final Http2ClientHandler frames;
    private final FloodGuard guard;
    private final TurnFlushes flushes;
    private boolean waitsToSend;

    OutgoingFrames(
            Http2ClientConnection connection,
            Channel channel,
            Http2ClientHandler frames,
            FloodGuard guard,
            TurnFlushes flushes) {
        this.connection = connection;
        this.channel = channel;
        this.frames = frames;
        this.guard = guard;
        this.flushes = flushes;
    }

    /** Writes a field section of a response. */
    void writeHeaders(Http2Stream stream, Http2Headers section, boolean isEnd, @Nullable Runnable written) {
        if (!connection.isClosing()) {
            ChannelHandlerContext to = frames.here();
            guard.sent();
            var done = frames.encoder().writeHeaders(to, stream.id(), section, 0, isEnd, to.newPromise());
            if (written != null) {
                done.addListener(unused -> written.run());
            }
        }
    }

    /** Writes a part of a response's body, released here. */
    void writeData(Http2Stream stream, ByteBuf data, boolean isEnd, @Nullable Runnable written) {
        if (connection.isClosing()) {
            data.release();
            return;
        }
        ChannelHandlerContext to = frames.here();
        guard.sent();
        var done = frames.encoder().writeData(to, stream.id(), data, 0, isEnd, to.newPromise());
        if (written != null) {
            done.addListener(unused -> written.run());
        }
    }

    /** Whether more is waiting for a window, or for the socket, than is good. */
    boolean isFull(Http2Stream stream) {
        return !frames.encoder().flowController().isWritable(stream);
    }

    /** Whether a stream is still known, so that something can be written to it. */
    boolean isOpen(Http2Stream stream) {
        return !connection.isClosing() && frames.connection().stream(stream.id()) == stream;
    }

    void reset(Http2Stream stream, Http2Error code) {
        reset(stream, code.code());
    }

    void reset(Http2Stream stream, long code) {
        if (isOpen(stream)) {
            ChannelHandlerContext to = frames.here();
            var unused = frames.resetStream(to, stream.id(), code, to.newPromise());
            flushSoon();
        }
    }

    void goAway(int last, Http2Error code) {
        ChannelHandlerContext to = frames.here();
        var unused = frames.goAway(to, last, code.code(), Unpooled.EMPTY_BUFFER, to.newPromise());
        flushSoon();
    }

    void ping(long data) {
        ChannelHandlerContext to = frames.here();
        var unused = frames.encoder().writePing(to, false, data, to.newPromise());
        flushSoon();
    }

    /** Sends what was written at the end of the loop's turn. */
    void flushSoon() {
        if (!waitsToSend) {
            waitsToSend = true;
            flushes.add(this);
        }
    }

    @Override
    public void sendNow(boolean turnIsOver) {
        waitsToSend = false;
        if (channel.isActive()) {
            frames.flush(frames.here());
        }
    }
}

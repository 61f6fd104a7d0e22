package dev.pointsman.balancer.upstream.http2;

import dev.pointsman.balancer.loop.TurnFlushes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What goes out on one connection to an upstream: together, at the end of the loop's turn. For one event loop. */
final class Http2UpstreamWriter implements TurnFlushes.Sender {
    private static final long PING = 0x706f696e74736dL;

    private final Http2UpstreamConnection owner;
    private final Http2UpstreamHandler frames;
    private final Http2UpstreamConnections connections;

    /** Those that have written something since the last flush, and nothing before. */
    private final List<Http2UpstreamStream> unsent = new ArrayList<>();

    private boolean waitsToSend;

    Http2UpstreamWriter(
            Http2UpstreamConnection owner, Http2UpstreamHandler frames, Http2UpstreamConnections connections) {
        this.owner = owner;
        this.frames = frames;
        this.connections = connections;
    }

    /** Notes that a stream is about to write its first frame. */
    void begins(Http2UpstreamStream stream) {
        unsent.add(stream);
    }

    /** Notes that a stream is over. */
    void forget(Http2UpstreamStream stream) {
        unsent.remove(stream);
    }

    void writeHeaders(Http2UpstreamStream stream, Http2Headers section, boolean isEnd) {
        ChannelHandlerContext here = frames.here();
        if (here != null) {
            owner.streams().allowance().message(0);
            failIfNot(stream, frames.encoder().writeHeaders(here, stream.id(), section, 0, isEnd, here.newPromise()));
            flushSoon();
        }
    }

    void writeData(Http2UpstreamStream stream, ByteBuf data, boolean isEnd) {
        ChannelHandlerContext here = frames.here();
        if (here == null) {
            data.release();
        } else {
            owner.streams().allowance().message(data.readableBytes());
            failIfNot(stream, frames.encoder().writeData(here, stream.id(), data, 0, isEnd, here.newPromise()));
        }
    }

    /** Later and not at once: who writes does not expect to be told of a failure meanwhile. */
    private void failIfNot(Http2UpstreamStream stream, ChannelFuture written) {
        written.addListener(done -> {
            Throwable cause = done.cause();
            if (cause != null) {
                connections
                        .loop()
                        .execute(() -> stream.fail(cause instanceof IOException ? cause : new IOException(cause)));
            }
        });
    }

    /** Sends what was written at the end of the loop's turn. */
    void flushSoon() {
        if (!waitsToSend && !owner.isClosed()) {
            waitsToSend = true;
            connections.turns().flushes().add(this);
        }
    }

    @Override
    public void sendNow(boolean turnIsOver) {
        waitsToSend = false;
        ChannelHandlerContext here = frames.here();
        if (!owner.isClosed() && here != null) {
            frames.flush(here);
        }
    }

    /** Notes that all that was written goes out. */
    void flushing() {
        if (!unsent.isEmpty()) {
            List<Http2UpstreamStream> going = List.copyOf(unsent);
            unsent.clear();
            going.forEach(Http2UpstreamStream::sending);
        }
    }

    boolean isFull(Http2UpstreamStream stream) {
        Http2Stream known = frames.connection().stream(stream.id());
        return known != null && !frames.encoder().flowController().isWritable(known);
    }

    /** Gives a stream's window back, for bytes that were held. */
    void giveBack(Http2UpstreamStream stream, int bytes) {
        Http2Stream known = frames.connection().stream(stream.id());
        if (known == null) {
            return;
        }
        try {
            if (frames.connection().local().flowController().consumeBytes(known, bytes)) {
                flushSoon();
            }
        } catch (Http2Exception impossible) {
            owner.broken(impossible);
        }
    }

    /** Lets an upstream send more of a response ahead than before. */
    void widen(Http2UpstreamStream stream, int bytes) {
        Http2Stream known = frames.connection().stream(stream.id());
        if (known == null) {
            return;
        }
        try {
            frames.connection().local().flowController().incrementWindowSize(known, bytes);
            flushSoon();
        } catch (Http2Exception impossible) {
            owner.broken(impossible);
        }
    }

    void reset(Http2UpstreamStream stream, Http2Error code) {
        ChannelHandlerContext here = frames.here();
        if (!owner.isClosed() && here != null && frames.connection().stream(stream.id()) != null) {
            var unused = frames.resetStream(here, stream.id(), code.code(), here.newPromise());
            flushSoon();
        }
    }

    /** Ends a tunnel in order, once what was written before has gone, and waits for nothing from the other side. */
    void endTunnel(Http2UpstreamStream stream) {
        ChannelHandlerContext here = frames.here();
        if (!owner.isClosed() && here != null && frames.connection().stream(stream.id()) != null) {
            frames.encoder()
                    .writeData(here, stream.id(), Unpooled.EMPTY_BUFFER, 0, true, here.newPromise())
                    .addListener(written -> reset(stream, Http2Error.CANCEL));
            flushSoon();
        }
    }

    /** Asks whether anybody is there. */
    void ping() {
        ChannelHandlerContext here = frames.here();
        if (!owner.isClosed() && here != null) {
            var unused = frames.encoder().writePing(here, false, PING, here.newPromise());
            flushSoon();
        }
    }

    /** Tells the upstream that the connection ends, in order. */
    void goAway() {
        ChannelHandlerContext here = frames.here();
        if (here != null && here.channel().isActive()) {
            var unused = frames.goAway(
                    here, 0, Http2Error.NO_ERROR.code(), here.alloc().buffer(0), here.newPromise());
            frames.flush(here);
        }
    }
}

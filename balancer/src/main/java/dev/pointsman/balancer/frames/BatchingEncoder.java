package dev.pointsman.balancer.frames;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Connection;

/** The sender of a connection's frames: Netty's, by a {@link FrameBatch} that whoever flushes has to {@link #send}. For one event loop. */
public final class BatchingEncoder extends DefaultHttp2ConnectionEncoder {
    private final FrameBatch frames;

    /** The sender of one connection, whose flow controllers are set. */
    public BatchingEncoder(Http2Connection connection, FrameBatch frames) {
        super(connection, frames);
        this.frames = frames;
    }

    /** Hands over what was put together of frames, without flushing it. */
    public void send(ChannelHandlerContext to) {
        frames.send(to);
    }
}

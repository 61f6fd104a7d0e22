package dev.pointsman.balancer.frames;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2LifecycleManager;
import io.netty.handler.codec.http2.Http2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Stream;
import org.jspecify.annotations.Nullable;

/**
 * The sender of a connection's frames: Netty's, but for DATA that fits into both windows at once, which does not go through the queue of
 * its stream. For one event loop.
 */
public final class PromptEncoder extends DefaultHttp2ConnectionEncoder {
    private final FrameBatch frames;
    private @Nullable Http2LifecycleManager streams;

    /** The sender of one connection, whose flow controllers are set. */
    public PromptEncoder(Http2Connection connection, FrameBatch frames) {
        super(connection, frames);
        this.frames = frames;
    }

    @Override
    public void lifecycleManager(Http2LifecycleManager manager) {
        streams = manager;
        super.lifecycleManager(manager);
    }

    /** Hands over what was put together of frames, without flushing it. */
    public void send(ChannelHandlerContext to) {
        frames.send(to);
    }

    @Override
    public ChannelFuture writeData(
            ChannelHandlerContext to, int id, ByteBuf data, int padding, boolean isEnd, ChannelPromise promise) {
        Http2Stream stream = connection().stream(id);
        Http2LifecycleManager manager = streams;
        if (padding > 0 || stream == null || manager == null || !takes(to, stream, data.readableBytes())) {
            return super.writeData(to, id, data, padding, isEnd, promise);
        }
        try {
            take(stream, data.readableBytes());
        } catch (Http2Exception impossible) {
            data.release();
            return promise.setFailure(impossible);
        }
        ChannelFuture written = frames.writeData(to, id, data, padding, isEnd, promise);
        if (isEnd) {
            manager.closeStreamLocal(stream, written);
        }
        return written;
    }

    /** Whether nothing of the stream waits, and so many bytes of it have to wait for nothing. */
    private boolean takes(ChannelHandlerContext to, Http2Stream stream, int bytes) {
        Http2RemoteFlowController flow = flowController();
        return stream.state().localSideOpen()
                && stream.isHeadersSent()
                && bytes <= frames.maxFrameSize()
                && !flow.hasFlowControlled(stream)
                && bytes <= flow.windowSize(stream)
                && bytes <= flow.windowSize(connection().connectionStream())
                && to.channel().isWritable();
    }

    private void take(Http2Stream stream, int bytes) throws Http2Exception {
        if (bytes > 0) {
            Http2RemoteFlowController flow = flowController();
            flow.incrementWindowSize(stream, -bytes);
            flow.incrementWindowSize(connection().connectionStream(), -bytes);
        }
    }
}

package dev.pointsman.balancer.frames;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2LifecycleManager;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The sender of a connection's frames: Netty's, by a {@link FrameBatch} that goes out with each {@link #flush}. For one event loop. */
public final class BatchingEncoder extends DefaultHttp2ConnectionEncoder {
    private final FrameBatch frames;
    private @Nullable Http2LifecycleManager manager;

    /** The sender of one connection, whose flow controllers are set. */
    public BatchingEncoder(Http2Connection connection, FrameBatch frames) {
        super(connection, frames);
        this.frames = frames;
    }

    @Override
    public void lifecycleManager(Http2LifecycleManager lifecycle) {
        super.lifecycleManager(lifecycle);
        this.manager = lifecycle;
    }

    /** Sends what the windows have room for, and all that was put together of frames before. */
    public void flush(ChannelHandlerContext to) {
        try {
            flowController().writePendingBytes();
        } catch (Http2Exception fault) {
            Objects.requireNonNull(manager, "of no handler").onError(to, true, fault);
        }
        frames.send(to);
        to.flush();
    }
}

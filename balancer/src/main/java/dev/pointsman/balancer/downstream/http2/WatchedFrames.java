package dev.pointsman.balancer.downstream.http2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersDecoder;
import org.jspecify.annotations.Nullable;

/**
 * The decoder of a client's frames, which tells {@link IncomingFrames} of those that are of no use, before Netty drops them: they belong to
 * streams that are over. For one event loop.
 */
final class WatchedFrames extends DefaultHttp2FrameReader {
    private final IncomingFrames incoming;
    private @Nullable FrameWatch watch;

    /**
     * The decoder of a connection's frames.
     *
     * @param smallContinuations how many small CONTINUATION frames are taken
     */
    WatchedFrames(Http2HeadersDecoder fields, int smallContinuations, IncomingFrames incoming) {
        super(fields, smallContinuations);
        this.incoming = incoming;
    }

    @Override
    public void readFrame(ChannelHandlerContext context, ByteBuf bytes, Http2FrameListener listener)
            throws Http2Exception {
        FrameWatch known = watch;
        if (known == null || known.watched != listener) {
            known = new FrameWatch(listener);
            watch = known;
        }
        super.readFrame(context, bytes, known);
    }

    private final class FrameWatch extends Http2FrameListenerDecorator {
        private final Http2FrameListener watched;

        FrameWatch(Http2FrameListener watched) {
            super(watched);
            this.watched = watched;
        }

        @Override
        public int onDataRead(ChannelHandlerContext context, int id, ByteBuf data, int padding, boolean isEnd)
                throws Http2Exception {
            return incoming.isWanted(id)
                    ? super.onDataRead(context, id, data, padding, isEnd)
                    : data.readableBytes() + padding;
        }

        @Override
        public void onHeadersRead(
                ChannelHandlerContext context, int id, Http2Headers section, int padding, boolean isEnd)
                throws Http2Exception {
            if (incoming.areFieldsWanted(id)) {
                super.onHeadersRead(context, id, section, padding, isEnd);
            }
        }

        @Override
        public void onHeadersRead(
                ChannelHandlerContext context,
                int id,
                Http2Headers section,
                int dependency,
                short weight,
                boolean exclusive,
                int padding,
                boolean isEnd)
                throws Http2Exception {
            if (incoming.areFieldsWanted(id)) {
                super.onHeadersRead(context, id, section, dependency, weight, exclusive, padding, isEnd);
            }
        }

        @Override
        public void onRstStreamRead(ChannelHandlerContext context, int id, long code) throws Http2Exception {
            if (incoming.isWanted(id)) {
                super.onRstStreamRead(context, id, code);
            }
        }
    }
}

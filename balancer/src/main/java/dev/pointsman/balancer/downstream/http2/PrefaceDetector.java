package dev.pointsman.balancer.downstream.http2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2CodecUtil;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the first bytes of a connection in clear text for the preface of HTTP/2 (RFC 9113, 3.3 and 3.4), which no request of
 * HTTP/1.1 begins with, and passes everything on as it came.
 */
public final class PrefaceDetector extends ChannelInboundHandlerAdapter {
    private static final ByteBuf PREFACE = Http2CodecUtil.connectionPrefaceBuf();

    private @Nullable Runnable found;
    private @Nullable Runnable other;
    private @Nullable ByteBuf held;

    /** Calls back when there is one, to have what reads HTTP/2 put behind this handler, instead of what reads HTTP/1.1. */
    public void onFound(Runnable callback) {
        found = callback;
    }

    /** Calls back when there is none, before what has come is passed on. */
    public void onOther(Runnable callback) {
        other = callback;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf before = held;
        ByteBuf bytes = (ByteBuf) message;
        ByteBuf all = before == null
                ? bytes
                : context.alloc().buffer().writeBytes(before).writeBytes(bytes);
        if (before != null) {
            before.release();
            bytes.release();
        }
        held = all;
        int length = Math.min(all.readableBytes(), PREFACE.readableBytes());
        boolean matches = ByteBufUtil.equals(all, all.readerIndex(), PREFACE, 0, length);
        if (matches && length == PREFACE.readableBytes()) {
            tell(found);
            context.pipeline().remove(this);
        } else if (!matches) {
            tell(other);
            context.pipeline().remove(this);
        }
    }

    /** Takes what has come, if it is less than a preface, for something else; without effect when it is known already. */
    public void giveUp(Channel channel) {
        ChannelHandlerContext context = channel.pipeline().context(this);
        if (context != null) {
            tell(other);
            context.pipeline().remove(this);
        }
    }

    private static void tell(@Nullable Runnable callback) {
        if (callback != null) {
            callback.run();
        }
    }

    /** Passes on what it holds: to HTTP/1.1 that is no request, if it is a part of a preface. */
    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        ByteBuf all = held;
        held = null;
        if (all != null) {
            context.fireChannelRead(all);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        ByteBuf all = held;
        held = null;
        if (all != null) {
            all.release();
        }
        context.fireChannelInactive();
    }
}

package dev.pointsman.balancer.proxy;

import dev.pointsman.balancer.resilience.FailureKind;
import dev.pointsman.balancer.upstream.Channels;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;

/** An answer to a connection that has brought no request to be answered, and the end of it. */
final class RawReply {
    private RawReply() {}

    static void send(Channel channel, FailureKind kind) {
        String body = kind.status() + " " + kind.sentence() + "\n";
        String text = "HTTP/1.1 " + HttpResponseStatus.valueOf(kind.status()) + "\r\n"
                + "Content-Type: text/plain; charset=utf-8\r\n"
                + "Content-Length: " + body.length() + "\r\n"
                + (kind.status() == 503 ? "Retry-After: 1\r\n" : "")
                + "Connection: close\r\n\r\n"
                + body;
        // Past the encoder, which would not know what it belongs to.
        ChannelHandlerContext beforeEncoding = channel.pipeline().context("httpEncoder");
        if (beforeEncoding == null) {
            Channels.close(channel);
        } else {
            beforeEncoding
                    .writeAndFlush(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII))
                    .addListener(ChannelFutureListener.CLOSE);
        }
    }
}

package dev.pointsman.balancer.downstream;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;

/**
 * A response on a connection without a valid request to respond to; the connection ends with it.
 *
 * @param status the HTTP status
 * @param sentence the sentence for the client
 */
public record RawReply(int status, String sentence) {
    public void send(ChannelHandlerContext to) {
        String body = status + " " + sentence + "\n";
        String text = "HTTP/1.1 " + HttpResponseStatus.valueOf(status) + "\r\n"
                + "Content-Type: text/plain; charset=utf-8\r\n"
                + "Content-Length: " + body.length() + "\r\n"
                + (status == 503 ? "Retry-After: 1\r\n" : "")
                + "Connection: close\r\n\r\n"
                + body;
        to.writeAndFlush(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII))
                .addListener(ChannelFutureListener.CLOSE);
    }
}

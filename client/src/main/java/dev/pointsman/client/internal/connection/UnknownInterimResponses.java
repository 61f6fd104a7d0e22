package dev.pointsman.client.internal.connection;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpClientConnectionInternal;

/**
 * A filter of interim responses on a connection to an instance: it discards those whose status Vert.x does not know, such as 102,
 * as a client may (RFC 9110, 15.2). Without it they would be taken for the response, and the response proper for one that
 * nobody has asked for.
 */
final class UnknownInterimResponses extends ChannelInboundHandlerAdapter {
    private boolean discarding;

    private UnknownInterimResponses() {}

    /** Has a new connection filtered. */
    static void filter(HttpConnection connection) {
        try {
            if (connection instanceof HttpClientConnectionInternal internal) {
                ChannelHandlerContext last = internal.channelHandlerContext();
                last.pipeline().addBefore(last.name(), null, new UnknownInterimResponses());
            }
        } catch (LinkageError otherVersion) {
            // Then interim responses are as that version of Vert.x has them.
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpResponse response) {
            discarding = isUnknown(response.status());
        }
        if (!discarding) {
            context.fireChannelRead(message);
            return;
        }
        if (message instanceof LastHttpContent) {
            discarding = false;
        }
        ReferenceCountUtil.release(message);
    }

    private static boolean isUnknown(HttpResponseStatus status) {
        return status.codeClass() == HttpStatusClass.INFORMATIONAL
                && status.code() != HttpResponseStatus.CONTINUE.code()
                && status.code() != HttpResponseStatus.SWITCHING_PROTOCOLS.code()
                && status.code() != HttpResponseStatus.EARLY_HINTS.code();
    }
}

package dev.pointsman.balancer.downstream.http1;

import dev.pointsman.balancer.downstream.ClientConnection;
import dev.pointsman.balancer.downstream.ExpectContinue;
import dev.pointsman.balancer.http.ConnectionField;
import dev.pointsman.balancer.http.FieldKind;
import dev.pointsman.balancer.http.HeadBuffer;
import dev.pointsman.balancer.loop.Channels;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * The relay of interim responses to a client (RFC 9110, 15.2): all of them, 103 (RFC 8297) being the one of use,
 * but none to HTTP/1.0, which does not know them. 100 has rules of its own, see {@link ExpectContinue}.
 */
final class InterimResponses {
    private InterimResponses() {}

    static ClientConnection.InterimOutcome send(
            HttpResponse interim, HttpServerRequest request, ChannelHandlerContext to) {
        if (request.version() != HttpVersion.HTTP_1_1 || request.response().headWritten()) {
            return ClientConnection.InterimOutcome.WITHHELD;
        }
        ByteBuf bytes = to.alloc().buffer();
        head(interim).writeTo(bytes::writeBytes);
        Channels.writeAndFlush(to, bytes);
        return ClientConnection.InterimOutcome.SENT;
    }

    private static HeadBuffer head(HttpResponse interim) {
        HeadBuffer out = new HeadBuffer()
                .add("HTTP/1.1 ")
                .add(interim.status().toString())
                .endLine();
        HttpHeaders from = interim.headers();
        List<String> named = ConnectionField.named(from);
        Iterator<Map.Entry<CharSequence, CharSequence>> fields = from.iteratorCharSequence();
        while (fields.hasNext()) {
            Map.Entry<CharSequence, CharSequence> field = fields.next();
            FieldKind kind = FieldKind.of(field.getKey());
            if (!kind.isHopByHop()
                    && kind != FieldKind.CONTENT_LENGTH
                    && !ConnectionField.isNamed(named, field.getKey())) {
                out.field(field.getKey(), field.getValue());
            }
        }
        return out.endLine();
    }
}

package dev.pointsman.balancer.upstream.http2;

import dev.pointsman.balancer.upstream.RequestSink;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/** The writer of requests' heads in HTTP/2, one at a time: pseudo fields first, then fields in lower case (RFC 9113, 8.3). */
final class Http2RequestSink implements RequestSink {
    private static final int USUAL_FIELDS = 16;

    private final StringBuilder value = new StringBuilder();
    private Http2Headers out = new DefaultHttp2Headers(false);
    private @Nullable Http2UpstreamStream stream;
    private boolean trailers;
    private @Nullable WebSocketConnect webSocket;
    private CharSequence name = "";

    /** Prepares for the head of a stream's request; the one before, if it was not ended, is dropped. */
    Http2RequestSink of(Http2UpstreamStream next, boolean acceptsTrailers, @Nullable WebSocketConnect wantedWebSocket) {
        stream = next;
        webSocket = wantedWebSocket;
        trailers = acceptsTrailers;
        out = new DefaultHttp2Headers(false, USUAL_FIELDS);
        return this;
    }

    @Override
    public void begin(String method, CharSequence target, CharSequence authority) {
        Http2UpstreamStream to = stream;
        out.method(webSocket == null ? method : HttpMethod.CONNECT.asciiName())
                .scheme(to == null ? "" : to.scheme())
                .authority(authority)
                .path(target);
        if (webSocket != null) {
            out.set(Http2Headers.PseudoHeaderName.PROTOCOL.value(), WebSocketConnect.PROTOCOL);
        }
    }

    @Override
    public void field(CharSequence fieldName, CharSequence fieldValue) {
        if (webSocket == null || !webSocket.keeps(fieldName, fieldValue)) {
            out.add(AsciiString.of(fieldName).toLowerCase(), fieldValue);
        }
    }

    @Override
    public RequestSink beginField(CharSequence fieldName) {
        name = fieldName;
        value.setLength(0);
        return this;
    }

    @Override
    public RequestSink part(CharSequence text) {
        value.append(text);
        return this;
    }

    @Override
    public void endField() {
        field(name, value.toString());
    }

    @Override
    public void end() {
        if (trailers) {
            out.add(HttpHeaderNames.TE, HttpHeaderValues.TRAILERS);
        }
        Http2UpstreamStream to = stream;
        stream = null;
        if (to != null) {
            to.writeHead(out);
        }
    }
}

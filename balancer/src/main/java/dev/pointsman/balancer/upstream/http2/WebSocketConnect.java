package dev.pointsman.balancer.upstream.http2;

import dev.pointsman.balancer.http.WebSocketKey;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;

/**
 * A handshake of a WebSocket in HTTP/1.1 (RFC 6455, 4) as an extended CONNECT (RFC 8441): what the latter does without is kept here,
 * and added to its response. For one event loop.
 */
final class WebSocketConnect {
    static final String PROTOCOL = "websocket";

    private String key = "";

    /** Whether a field of the request is kept here, and not sent. */
    boolean keeps(CharSequence name, CharSequence value) {
        boolean mine = HttpHeaderNames.SEC_WEBSOCKET_KEY.contentEqualsIgnoreCase(name);
        if (mine) {
            key = value.toString();
        }
        return mine;
    }

    /** The status that a response is to the client: 101 where the instance agrees. */
    int statusFor(int status) {
        return status / 100 == 2 ? 101 : status;
    }

    /** Adds to the fields of a response that agrees what the client looks for. */
    void complete(HttpHeaders fields) {
        fields.remove(HttpHeaderNames.CONTENT_LENGTH);
        fields.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE);
        fields.set(HttpHeaderNames.UPGRADE, PROTOCOL);
        fields.set(HttpHeaderNames.SEC_WEBSOCKET_ACCEPT, WebSocketKey.accept(key));
    }
}

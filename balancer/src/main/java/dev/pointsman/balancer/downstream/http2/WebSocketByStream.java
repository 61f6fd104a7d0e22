package dev.pointsman.balancer.downstream.http2;

import dev.pointsman.balancer.http.WebSocketKey;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Base64;

/**
 * A WebSocket that is asked for by an extended CONNECT (RFC 8441), as an instance is asked for one in HTTP/1.1 (RFC 6455, 4.1). For
 * one event loop.
 */
final class WebSocketByStream {
    private static final String WEBSOCKET = "websocket";

    private final String key;

    private WebSocketByStream(String key) {
        this.key = key;
    }

    static boolean isAskedFor(RequestFields head) {
        return WEBSOCKET.equalsIgnoreCase(head.protocol());
    }

    /**
     * Adds to the fields of a request what HTTP/1.1 has besides.
     *
     * @param nonce 16 bytes that are new
     */
    static WebSocketByStream of(HttpHeaders fields, byte[] nonce) {
        String key = Base64.getEncoder().encodeToString(nonce);
        fields.set(HttpHeaderNames.SEC_WEBSOCKET_KEY, key);
        fields.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE);
        fields.set(HttpHeaderNames.UPGRADE, WEBSOCKET);
        return new WebSocketByStream(key);
    }

    /**
     * The status for the client: 200 is its 101, and therefore no other 2xx of an instance may pass, which would look like the
     * WebSocket that it is not.
     */
    HttpResponseStatus statusFor(HttpResponseStatus status, HttpHeaders fields) {
        if (status.code() == 101) {
            boolean accepted = WebSocketKey.accept(key).equals(fields.get(HttpHeaderNames.SEC_WEBSOCKET_ACCEPT));
            fields.remove(HttpHeaderNames.SEC_WEBSOCKET_ACCEPT);
            return accepted ? HttpResponseStatus.OK : HttpResponseStatus.BAD_GATEWAY;
        }
        return status.code() >= 200 && status.code() < 300 ? HttpResponseStatus.BAD_GATEWAY : status;
    }
}

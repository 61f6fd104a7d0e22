package dev.pointsman.balancer.filter;

import dev.pointsman.balancer.http.RequestTarget;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/** A request as filters see it. For one event loop. */
public interface FilteredRequest {
    String method();

    HttpHeaders fields();

    RequestTarget target();

    /** The requested host, valid; null if there was none. */
    @Nullable
    String host();

    /** The id that the logs on both sides know this request by. */
    String id();

    /** http or https, as the client came to us or to a trusted proxy before us. */
    String scheme();

    /** The address at the other end of the connection. */
    String peerAddress();

    /** The address where the request came from, as far as that is believed. */
    String originAddress();

    /** The route, by host and path. */
    String routeName();
}

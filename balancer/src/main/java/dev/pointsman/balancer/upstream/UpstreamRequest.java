package dev.pointsman.balancer.upstream;

import dev.pointsman.balancer.http.BodyFraming;

/** What a stream to an upstream has to know of a request besides its head. */
public interface UpstreamRequest {
    /** Whether the method is HEAD, so that no body belongs to the response, whatever its fields say (RFC 9110, 9.3.2). */
    boolean isHead();

    /** How the client delimits the body; {@link BodyFraming#NONE} where there is none. */
    BodyFraming body();

    /** Whether the request may reach the upstream twice: it has no body, and a method that is idempotent. */
    boolean isRepeatable();

    /** Whether trailers of the response are of use (RFC 9110, 10.1.4). */
    boolean acceptsTrailers();

    /** Whether it asks for a WebSocket. */
    boolean wantsUpgrade();
}

package dev.pointsman.balancer.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;

/**
 * Hears what comes back for one request, on the event loop, in this order:
 *
 * <pre>{@code
 *   interim* ( head ( chunk | pauseInReading )* end | head switched octets* )
 * }</pre>
 *
 * and at any point {@code broken} instead of what would have followed. After {@code end} and {@code broken} nothing more
 * comes.
 */
public interface ResponseListener {
    /** Where the fields of an answer go: an empty map, which is the one that {@code head} or {@code interim} then gets. */
    HttpHeaders fields(int status);

    /** An interim answer (1xx other than 101; RFC 9110, 15.2). */
    void interim(HttpResponse interim);

    /** The head of the answer. With status 101 the connection is a tunnel from now on. */
    void head(HttpResponse head);

    /** A piece of the answer's body, or of what comes through the tunnel, not empty. The listener releases it. */
    void chunk(ByteBuf octets);

    /** Nothing more is there to be read right now: what waits for company need not wait any longer. */
    void pauseInReading();

    /** The answer is complete. */
    void end(HttpHeaders trailers);

    /**
     * The connection broke or had to be closed, and the answer is not complete.
     *
     * @param cause what happened: {@link BadResponseException} if it was not HTTP that came,
     *     {@link io.netty.handler.timeout.ReadTimeoutException} if nothing came in time
     */
    void broken(Throwable cause);

    /**
     * The head of the answer has not come in time.
     *
     * @return for how many nanoseconds to go on waiting; 0 to give up, unless the connection was closed meanwhile
     */
    long late();

    /** The connection takes more again, after {@link UpstreamConnection#isFull()}. */
    void writable();
}

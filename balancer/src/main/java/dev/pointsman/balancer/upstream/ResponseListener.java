package dev.pointsman.balancer.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;

/**
 * The receiver of the response to one request. Called on the event loop, in this order:
 *
 * <pre>{@code
 *   interim* ( head ( chunk | pauseInReading )* end | head switched bytes* )
 * }</pre>
 *
 * and at any point {@code failed} instead of what would have followed. After {@code end} and {@code failed} nothing
 * more comes.
 */
public interface ResponseListener {
    /**
     * The map that the fields of a response are read into: empty at first, and then passed to {@code head} or {@code
     * interim}.
     */
    HttpHeaders fields(int status);

    /** An interim response (1xx other than 101; RFC 9110, 15.2). */
    void interim(HttpResponse interim);

    /** The head of the response. With status 101 the connection is a tunnel from now on. */
    void head(HttpResponse head);

    /** A piece of the response's body, or of what comes through the tunnel, not empty. The listener releases it. */
    void chunk(ByteBuf bytes);

    /** No more bytes can be read right now: what was buffered, to be sent together with more, can be sent. */
    void pauseInReading();

    /** The response is complete. */
    void end(HttpHeaders trailers);

    /**
     * The connection broke or had to be closed, and the response is not complete.
     *
     * @param cause what happened: {@link BadResponseException} if it was not HTTP that came, {@link
     *     StaleConnectionException} if it had been idle before and nothing came,
     *     {@link io.netty.handler.timeout.ReadTimeoutException} if nothing came in time
     */
    void failed(Throwable cause);

    /** The first part of the request was sent: from now on the upstream may know of it. */
    void requestSending();

    /**
     * What is still to be sent of the request cannot be sent any more. A response may still come, or the rest of one;
     * else {@code failed} will be called.
     */
    void requestCut();

    /**
     * The head of the response has not come within the time given to {@link UpstreamStream#awaitResponse}. Nothing
     * is waited for any more: the listener closes the stream, or gives it more time.
     */
    void responseTimedOut();

    /** The stream takes more again, after {@link UpstreamStream#isFull()}. */
    void writable();
}

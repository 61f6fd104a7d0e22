package dev.pointsman.balancer.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;

/**
 * One request to an upstream and its response, in whatever version of HTTP: a connection for as long as the request has it, or
 * a stream on one that others use too. What comes back goes to the {@link ResponseListener}, which may close the stream from
 * within any of its calls. For one event loop.
 */
public interface UpstreamStream {
    /** Whether its connection has served a request before this one. */
    boolean isReused();

    /**
     * Begins a request, and gives the receiver of its head, which is to be written at once.
     *
     * @param responses receives the response
     */
    RequestSink begin(UpstreamRequest request, ResponseListener responses);

    /** Writes a piece of the request's body, not empty, which is released then. */
    void writeBody(ByteBuf piece);

    /** Writes the end of the request's body, with those of the trailers that may be trailers. */
    void writeBodyEnd(HttpHeaders trailers);

    /** Writes bytes of the protocol that the upstream has switched to; they are released then. */
    void writeToTunnel(ByteBuf bytes);

    /** Sends what was written, at the end of the loop's turn or, if it is much, now. */
    void flush();

    /**
     * Gives the response's head so many nanoseconds to come, from now on; then {@link ResponseListener#responseTimedOut()}
     * is called, once. Without effect once the head is there.
     */
    void awaitResponse(long nanos);

    /** Whether more is waiting to be sent than is good; see {@link ResponseListener#writable()}. */
    boolean isFull();

    /** Stops passing on what comes, so that the upstream has to wait, or goes on. */
    void setReading(boolean wanted);

    /** Whether the upstream goes on taking the rest of the request, after a response whose head has come before that was sent. */
    boolean takesRest();

    /**
     * Notes that the request was sent whole and its response was received whole: the connection may serve another
     * request. To be called from within {@link ResponseListener#end}.
     */
    void finished();

    /** Whether a request for a WebSocket can be made on it; otherwise it is to be given back. */
    boolean takesWebSocket();

    /** Gives the stream back unused, before {@link #begin}. */
    void returnUnused();

    /** Ends the stream, complete or not; the listener is not called any more. */
    void close();
}

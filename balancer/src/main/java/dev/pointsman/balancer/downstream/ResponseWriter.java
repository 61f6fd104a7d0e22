package dev.pointsman.balancer.downstream;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;

/**
 * The way of one response to its client, in the version of HTTP that its connection speaks. What is written may wait until {@link
 * #flush}. For one event loop.
 */
public interface ResponseWriter {
    /**
     * Writes the head, and the first piece of the body.
     *
     * @param body released here
     * @param bodiless whether none follows, whatever the fields say
     */
    void writeHead(HttpResponseStatus status, HttpHeaders fields, ByteBuf body, boolean bodiless);

    /**
     * Writes a piece of the body.
     *
     * @param piece released here
     */
    void writeBody(ByteBuf piece);

    /** Writes the end of the body, with those trailers that may be some where its framing knows any. */
    void writeEnd(HttpHeaders trailers);

    /** Sends what was written. */
    void flush();

    /** Sends the interim response that asks for the request's body (RFC 9110, 15.2.1). */
    void writeContinue();

    /** Whether more is waiting to be sent than is good. */
    boolean isFull();

    /**
     * Cuts the response off, so that its client cannot take it for a whole one.
     *
     * @param code what the client is told in HTTP/2 (RFC 9113, 7); in HTTP/1.1 there is nothing but the end of its connection
     */
    void abort(long code);

    /** Handles that the response has ended, or its connection before it. */
    void over();
}

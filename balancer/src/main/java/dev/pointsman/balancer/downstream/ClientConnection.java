package dev.pointsman.balancer.downstream;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponse;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/**
 * The way to the client of a request, as far as it is the same for every protocol: the client, what it sends,
 * and how the response to it ends. In HTTP/1.1 that is the connection, which serves one request at a time. For one
 * event loop.
 */
public interface ClientConnection extends OpenConnections.Closable {
    /** The client of a request. */
    static ClientConnection of(HttpServerRequest request) {
        return ((RouterResponse) request.response()).client();
    }

    /** The client at the other end. */
    Peer peer();

    /** The maker of ids for the requests that come here. */
    RequestIds requestIds();

    /** The part of the current request that was received so far. */
    ReceivedRequest received();

    /** Whether bytes that have arrived are being decoded, and more may come of them before the event loop goes on. */
    boolean isReadingNow();

    /** Stops reading from the client's socket, so that the client has to wait, or goes on. */
    void setReading(boolean reading);

    /** Postpones the idle timeout, since something went to the client. */
    void recordActivity();

    /** Sends an interim response to the client, where it knows such and its final one has not begun. */
    InterimOutcome sendInterim(HttpResponse interim, HttpServerRequest request);

    /**
     * Dates a response whose other fields are all there, and announces the end of the connection if it ends with this
     * response. To be called before its head is written.
     */
    void completeFields(HttpServerResponse response);

    /** Has a response of unknown length end where its body does. To be called before {@link #completeFields}. */
    BodyDelimiter delimit(HttpServerResponse response);

    /** Whether trailers may follow a body whose length was stated, as in every version of HTTP but those before 2. */
    default boolean takesTrailersAfterLength() {
        return false;
    }

    /** Ends the connection with the response that is being given, and reads no request after this one. */
    void closeAfterResponse();

    /** Ends the connection so that the client cannot take what it got for a whole response. */
    void reset();

    /** The request that is being served, as it was received. */
    HttpServerRequest request();

    /**
     * Writes a piece of a response's body, after its head where that was not written. Of a response that is over it is dropped.
     *
     * @param piece released when it is sent
     */
    default void write(HttpServerResponse response, ByteBuf piece) {
        ((RouterResponse) response).send(piece);
    }

    /**
     * Writes the last piece of a response, which is complete then.
     *
     * @param last may be empty; released when it is sent
     */
    default void end(HttpServerResponse response, ByteBuf last) {
        ((RouterResponse) response).complete(last);
    }

    /** Whether more is waiting to be sent to the client than is good. */
    boolean isFull();

    /**
     * Makes the connection a tunnel, behind a head with status 101 that was written: what the client sends, and has sent
     * behind its request, goes to the listener as it comes.
     */
    void becomeTunnel(TunnelListener listener);

    /** Sends bytes through the tunnel, which are released then. */
    void writeToTunnel(ByteBuf bytes);

    /** Ends the connection. */
    @Override
    void close();

    /** What shows where a response of unknown length ends. */
    enum BodyDelimiter {
        /** Something in its protocol, which also has room for trailers. */
        MARK,
        /** The end of the connection (RFC 9112, 6.3). */
        CONNECTION_END
    }

    /** The outcome of sending an interim response. */
    enum InterimOutcome {
        SENT,
        /** The interim response was not sent. */
        WITHHELD
    }
}

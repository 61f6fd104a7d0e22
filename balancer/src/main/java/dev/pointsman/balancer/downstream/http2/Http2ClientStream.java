package dev.pointsman.balancer.downstream.http2;

import dev.pointsman.balancer.downstream.ClientConnection;
import dev.pointsman.balancer.downstream.Peer;
import dev.pointsman.balancer.downstream.ReceivedRequest;
import dev.pointsman.balancer.downstream.RequestIds;
import dev.pointsman.balancer.downstream.RouterRequest;
import dev.pointsman.balancer.downstream.TunnelListener;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/** A stream of a client's connection in HTTP/2: one request and its response, or a tunnel. For one event loop. */
final class Http2ClientStream implements ClientConnection {
    private final Http2ClientConnection connection;
    private final Http2Stream frames;
    private final Http2ResponseWriter writer;
    private final RouterRequest request;
    private final StreamReceiver receiver;
    private final @Nullable WebSocketByStream webSocket;
    private boolean malformed;
    private long lastActive;
    private boolean responseComplete;
    private boolean over;

    /**
     * A stream that begins.
     *
     * @param malformed why its head is no request; null if it is one
     * @param isEnd whether nothing follows the head
     */
    Http2ClientStream(
            Http2ClientConnection connection,
            Http2Stream frames,
            RequestFields head,
            @Nullable Throwable malformed,
            boolean isEnd) {
        this.connection = connection;
        this.frames = frames;
        this.malformed = malformed != null;
        this.lastActive = connection.shared().ticker().now();
        this.writer = new Http2ResponseWriter(this);
        boolean tunnel = malformed == null && WebSocketByStream.isAskedFor(head);
        this.webSocket = tunnel
                ? WebSocketByStream.of(
                        head.fields(), connection.shared().requestIds().randomBytes(16))
                : null;
        connection.shared().rules().underscoreFields().removeFrom(head.fields());
        DefaultHttpRequest asHttp1 = new DefaultHttpRequest(
                io.netty.handler.codec.http.HttpVersion.HTTP_1_1,
                tunnel ? HttpMethod.GET : HttpMethod.valueOf(head.method()),
                head.target(),
                head.fields());
        if (malformed != null) {
            asHttp1.setDecoderResult(DecoderResult.failure(malformed));
        }
        ReceivedRequest received = new ReceivedRequest(asHttp1, !isEnd && !tunnel && head.contentLength() < 0);
        this.receiver =
                new StreamReceiver(this, connection, frames, received, head.contentLength(), isEnd, tunnel && !isEnd);
        this.request = new RouterRequest(this, connection.context(), asHttp1, received, HttpVersion.HTTP_2, writer);
    }

    /** Takes a part of the body; how many bytes of the window are given back at once. */
    int dataReceived(ByteBuf data, boolean isEnd) {
        lastActive = connection.shared().ticker().now();
        return receiver.dataReceived(data, isEnd);
    }

    void trailersReceived(Http2Headers section, boolean isEnd) {
        receiver.trailersReceived(section, isEnd);
    }

    void readComplete() {
        receiver.readComplete();
    }

    @Override
    public Peer peer() {
        return connection.peer();
    }

    @Override
    public RequestIds requestIds() {
        return connection.shared().requestIds();
    }

    @Override
    public ReceivedRequest received() {
        return request.received();
    }

    @Override
    public boolean isReadingNow() {
        return connection.incoming().isReadingNow();
    }

    @Override
    public void setReading(boolean wanted) {
        receiver.setReading(wanted);
    }

    @Override
    public void recordActivity() {
        lastActive = connection.shared().ticker().now();
        connection.recordActivity();
    }

    boolean isSilent(long now, long idleNanos) {
        return now - lastActive > idleNanos;
    }

    /** Whether a part of the response waits for the client to open its window. */
    boolean isStalled() {
        return request.response().headWritten() && isFull();
    }

    /** Ends a stream on which nothing happened for too long. */
    void timeOut() {
        connection.outgoing().reset(frames, Http2Error.CANCEL);
    }

    @Override
    public InterimOutcome sendInterim(HttpResponse interim, HttpServerRequest to) {
        if (over || to.response().headWritten()) {
            return InterimOutcome.WITHHELD;
        }
        writer.writeInterim(interim);
        return InterimOutcome.SENT;
    }

    @Override
    public RouterRequest request() {
        return request;
    }

    @Override
    public void completeFields(HttpServerResponse response) {
        connection.shared().addOwnFields(response, connection.peer());
    }

    /** The mark is the end of the stream; the field is left out where the response is written. */
    @Override
    public BodyDelimiter delimit(HttpServerResponse response) {
        response.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        return BodyDelimiter.MARK;
    }

    @Override
    public boolean takesTrailersAfterLength() {
        return true;
    }

    /** Without effect: what is still to come of the request is not waited for, and the connection goes on. */
    @Override
    public void closeAfterResponse() {}

    @Override
    public void reset() {
        connection.outgoing().reset(frames, Http2Error.INTERNAL_ERROR);
    }

    /** Resets the stream, so that its client cannot take what it got for a whole response. */
    void abort(long code) {
        connection.outgoing().reset(frames, code);
    }

    @Override
    public boolean isFull() {
        return connection.outgoing().isFull(frames);
    }

    void drained() {
        lastActive = connection.shared().ticker().now();
        TunnelListener open = receiver.tunnel();
        if (open != null) {
            open.clientWritable();
        } else if (!over) {
            request.ownResponse().drained();
        }
    }

    @Override
    public void becomeTunnel(TunnelListener listener) {
        receiver.becomeTunnel(listener);
    }

    @Override
    public void writeToTunnel(ByteBuf bytes) {
        recordActivity();
        connection.outgoing().writeData(frames, bytes, false, null);
        flush();
    }

    /** Ends the stream: a tunnel in order, anything else by a reset. */
    @Override
    public void close() {
        if (receiver.tunnel() == null) {
            reset();
        } else {
            endTunnel();
        }
    }

    void endTunnel() {
        if (!responseComplete) {
            write(Unpooled.EMPTY_BUFFER, true);
            flush();
        }
    }

    /** What became of the wish for a WebSocket on this stream; null where there was none. */
    @Nullable
    WebSocketByStream webSocket() {
        return webSocket;
    }

    void write(Http2Headers section, boolean isEnd) {
        recordActivity();
        responseComplete |= isEnd;
        connection.outgoing().writeHeaders(frames, section, isEnd && !malformed, isEnd ? afterEnd() : null);
    }

    void write(ByteBuf data, boolean isEnd) {
        responseComplete |= isEnd;
        connection.outgoing().writeData(frames, data, isEnd && !malformed, isEnd ? afterEnd() : null);
    }

    void flush() {
        connection.outgoing().flushSoon();
    }

    /** Notes that the request is none after all: its stream is to be reset, with or behind its response. */
    void becomeMalformed() {
        malformed = true;
    }

    boolean isRequestEnded() {
        return receiver.isEnded();
    }

    boolean isResponseComplete() {
        return responseComplete;
    }

    /** What follows once all of the response has been sent: no more of the request is wanted (RFC 9113, 8.1 and 8.1.1). */
    private @Nullable Runnable afterEnd() {
        if (malformed) {
            return () -> connection.outgoing().reset(frames, Http2Error.PROTOCOL_ERROR);
        }
        // The client ends its side of a tunnel itself: a reset might be faster than what it has not read yet.
        return receiver.isEnded() || receiver.tunnel() != null ? null : this::endRequest;
    }

    private void endRequest() {
        if (!receiver.isEnded()) {
            connection.outgoing().reset(frames, Http2Error.NO_ERROR);
        }
    }

    /** Handles that the response has ended, or its stream before it. */
    void responseEnded() {
        over = true;
        received().responseEnded();
        receiver.discard();
    }

    /** Handles that the stream has ended, or its connection. */
    void closed() {
        writer.discard();
        receiver.closed();
        TunnelListener open = receiver.takeTunnel();
        if (open != null) {
            responseComplete = true;
            open.clientClosed();
        }
        if (!over) {
            request.ownResponse().connectionClosed();
        }
    }
}

package dev.pointsman.balancer.downstream.http2;

import dev.pointsman.balancer.downstream.ClientConnection;
import dev.pointsman.balancer.downstream.Peer;
import dev.pointsman.balancer.downstream.ReceivedRequest;
import dev.pointsman.balancer.downstream.RequestIds;
import dev.pointsman.balancer.downstream.RouterRequest;
import dev.pointsman.balancer.downstream.TunnelListener;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.EmptyHttpHeaders;
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
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A stream of a client's connection in HTTP/2: one request and its response, or a tunnel. For one event loop. */
final class Http2ClientStream implements ClientConnection {
    private final Http2ClientConnection connection;
    private final Http2Stream frame;
    private final Http2ResponseWriter writer;
    private @Nullable RouterRequest request;
    private @Nullable TunnelListener tunnel;
    private @Nullable WebSocketByStream webSocket;
    private long expected = -1;
    private long lastActive;
    private int held;
    private boolean reading = true;
    private boolean requestEnded;
    private boolean responseComplete;
    private boolean over;

    Http2ClientStream(Http2ClientConnection connection, Http2Stream frame) {
        this.connection = connection;
        this.frame = frame;
        this.writer = new Http2ResponseWriter(this);
        this.lastActive = connection.shared().ticker().now();
    }

    /** The request that begins with this head, for the routers; null if it is malformed after all. */
    @Nullable
    RouterRequest begin(RequestFields head, boolean isEnd) {
        if (isEnd && head.contentLength() > 0) {
            connection.malformed(frame, "a Content-Length, and no content");
            return null;
        }
        expected = head.contentLength();
        requestEnded = isEnd;
        String method = head.method();
        if (WebSocketByStream.isAskedFor(head)) {
            webSocket = WebSocketByStream.of(
                    head.fields(), connection.shared().requestIds().randomBytes(16));
            method = "GET";
        }
        connection.shared().rules().underscoreFields().removeFrom(head.fields());
        DefaultHttpRequest asHttp1 = new DefaultHttpRequest(
                io.netty.handler.codec.http.HttpVersion.HTTP_1_1,
                HttpMethod.valueOf(method),
                head.target(),
                head.fields());
        ReceivedRequest received = new ReceivedRequest(asHttp1, !isEnd && webSocket == null && expected < 0);
        if (isEnd) {
            received.body().ends(EmptyHttpHeaders.INSTANCE);
        }
        RouterRequest begun =
                new RouterRequest(this, connection.context(), asHttp1, received, HttpVersion.HTTP_2, writer);
        request = begun;
        return begun;
    }

    /** Takes a part of the body; how many bytes of the window are given back at once. */
    int dataReceived(ByteBuf data, boolean isEnd) {
        int bytes = data.readableBytes();
        lastActive = connection.shared().ticker().now();
        TunnelListener open = tunnel;
        if (open != null) {
            fromTunnel(open, data, isEnd);
        } else if (webSocket != null && !over) {
            writer.buffer(data);
        } else if (over) {
            data.release();
            requestEnded |= isEnd;
        } else {
            body(data, isEnd);
        }
        if (reading || over) {
            return bytes;
        }
        held += bytes;
        return 0;
    }

    private void body(ByteBuf data, boolean isEnd) {
        ReceivedRequest received = received();
        long sum = received.body().received() + data.readableBytes();
        if (expected >= 0 && (sum > expected || (isEnd && sum < expected))) {
            data.release();
            fail("content of another length than Content-Length says");
            return;
        }
        received.body().arrives(data);
        if (isEnd) {
            requestEnded = true;
            received.body().ends(EmptyHttpHeaders.INSTANCE);
        }
    }

    /** Ends a request that turns out to be malformed while it is served. */
    private void fail(String flaw) {
        // Who forwards it has a response to that, which would end the stream in order.
        writer.cut();
        received().body().fails();
        connection.malformed(frame, flaw);
    }

    private void fromTunnel(TunnelListener open, ByteBuf data, boolean isEnd) {
        if (data.isReadable()) {
            open.fromClient(data);
        } else {
            data.release();
        }
        if (isEnd) {
            requestEnded = true;
            open.clientClosed();
            endTunnel();
        }
    }

    void trailersReceived(Http2Headers section, boolean isEnd) {
        if (over) {
            requestEnded |= isEnd;
            return;
        }
        RequestFields read = RequestFields.ofTrailers(section);
        ReceivedRequest received = received();
        if (!isEnd || read.flaw() != null || tunnel != null || webSocket != null) {
            fail(read.flaw() == null ? "trailers that do not end the request" : read.flaw());
        } else if (expected >= 0 && received.body().received() != expected) {
            fail("content of another length than Content-Length says");
        } else {
            requestEnded = true;
            connection.shared().rules().underscoreFields().removeFrom(read.fields());
            received.body().ends(read.fields());
        }
    }

    void readComplete() {
        if (!over) {
            received().body().readComplete();
        }
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
        return request().received();
    }

    @Override
    public boolean isReadingNow() {
        return connection.isReadingNow();
    }

    /** Gives back the window for what has come, and for what comes from now on, or holds it. */
    @Override
    public void setReading(boolean wanted) {
        reading = wanted;
        if (wanted && held > 0) {
            int bytes = held;
            held = 0;
            connection.giveBack(frame, bytes);
        }
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
        return request().response().headWritten() && isFull();
    }

    /** Ends a stream on which nothing happened for too long. */
    void timeOut() {
        connection.reset(frame, Http2Error.CANCEL);
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
        return Objects.requireNonNull(request, "a request that was not received");
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
        abort();
    }

    /** Resets the stream, so that its client cannot take what it got for a whole response. */
    void abort() {
        connection.reset(frame, Http2Error.INTERNAL_ERROR);
    }

    @Override
    public boolean isFull() {
        return connection.isFull(frame);
    }

    void drained() {
        lastActive = connection.shared().ticker().now();
        TunnelListener open = tunnel;
        if (open != null) {
            open.clientWritable();
        } else if (!over) {
            request().ownResponse().drained();
        }
    }

    @Override
    public void becomeTunnel(TunnelListener listener) {
        tunnel = listener;
        ByteBuf early = writer.takeBuffered();
        if (early != null) {
            listener.fromClient(early);
        }
        if (requestEnded) {
            listener.clientClosed();
            endTunnel();
        }
    }

    @Override
    public void writeToTunnel(ByteBuf bytes) {
        recordActivity();
        connection.writeData(frame, bytes, false, null);
        connection.flushSoon();
    }

    /** Ends the stream: a tunnel in order, anything else by a reset. */
    @Override
    public void close() {
        if (tunnel == null) {
            abort();
        } else {
            endTunnel();
        }
    }

    private void endTunnel() {
        if (!responseComplete) {
            responseComplete = true;
            connection.writeData(frame, Unpooled.EMPTY_BUFFER, true, this::endRequest);
            connection.flushSoon();
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
        connection.writeHeaders(frame, section, isEnd, isEnd && !requestEnded ? this::endRequest : null);
    }

    void write(ByteBuf data, boolean isEnd) {
        responseComplete |= isEnd;
        connection.writeData(frame, data, isEnd, isEnd && !requestEnded ? this::endRequest : null);
    }

    void flush() {
        connection.flushSoon();
    }

    boolean isResponseComplete() {
        return responseComplete;
    }

    /** Wants no more of the request, once all of the response has been sent (RFC 9113, 8.1). */
    private void endRequest() {
        if (!requestEnded) {
            connection.reset(frame, Http2Error.NO_ERROR);
        }
    }

    /** Handles that the response has ended, or its stream before it. */
    void responseEnded() {
        over = true;
        ReceivedRequest received = received();
        received.responseEnded();
        received.body().discard();
        setReading(true);
    }

    /** Handles that the stream has ended, or its connection. */
    void closed() {
        writer.discard();
        TunnelListener open = tunnel;
        if (open != null) {
            tunnel = null;
            responseComplete = true;
            open.clientClosed();
        }
        if (!over && request != null) {
            request().ownResponse().connectionClosed();
        }
    }
}

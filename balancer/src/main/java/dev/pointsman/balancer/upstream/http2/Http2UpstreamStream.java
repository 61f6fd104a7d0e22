package dev.pointsman.balancer.upstream.http2;

import dev.pointsman.balancer.http.BodyFraming;
import dev.pointsman.balancer.http.ResponseFields;
import dev.pointsman.balancer.upstream.RequestSink;
import dev.pointsman.balancer.upstream.ResponseListener;
import dev.pointsman.balancer.upstream.UpstreamRequest;
import dev.pointsman.balancer.upstream.UpstreamStream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * One request and its response as a stream of an {@link Http2UpstreamConnection}: what goes to the upstream, and when it is over. What
 * comes back is received by an {@link Http2UpstreamResponse}.
 */
final class Http2UpstreamStream implements UpstreamStream {
    private static final int NOT_BEGUN = 0;

    private final Http2UpstreamConnection connection;
    private final boolean reused;
    private int id = NOT_BEGUN;
    private @Nullable ResponseListener listener;
    private final StreamTimes times = new StreamTimes();
    private final Http2UpstreamResponse response;
    private boolean released;
    private boolean requestEnded;
    private boolean sent;
    private long readsBefore;

    Http2UpstreamStream(Http2UpstreamConnection connection, boolean reused) {
        this.connection = connection;
        this.reused = reused;
        this.response = new Http2UpstreamResponse(this, connection);
    }

    int id() {
        return id;
    }

    /** Who is told of the response; null when nobody is any more. */
    @Nullable
    ResponseListener listener() {
        return listener;
    }

    boolean isReleased() {
        return released;
    }

    /** Gets what comes of the response. */
    Http2UpstreamResponse response() {
        return response;
    }

    StreamTimes times() {
        return times;
    }

    CharSequence scheme() {
        return connection.scheme();
    }

    @Override
    public boolean isReused() {
        return reused;
    }

    @Override
    public RequestSink begin(UpstreamRequest request, ResponseListener responses) {
        listener = responses;
        WebSocketConnect webSocket = request.wantsUpgrade() ? new WebSocketConnect() : null;
        response.expect(request.isHead(), webSocket);
        requestEnded = request.body() == BodyFraming.NONE && webSocket == null;
        times.began(connection.now());
        readsBefore = connection.reads();
        return connection.sink().of(this, request.acceptsTrailers(), webSocket);
    }

    void writeHead(Http2Headers head) {
        id = connection.open(this);
        connection.writer().writeHeaders(this, head, requestEnded);
    }

    @Override
    public void writeBody(ByteBuf piece) {
        if (released) {
            piece.release();
        } else {
            connection.writer().writeData(this, piece, false);
        }
    }

    @Override
    public void writeBodyEnd(HttpHeaders trailers) {
        if (released) {
            return;
        }
        requestEnded = true;
        Http2Headers section = new DefaultHttp2Headers(false);
        ResponseFields.copyTrailers(
                trailers, (name, value) -> section.add(AsciiString.of(name).toLowerCase(), value));
        if (section.isEmpty()) {
            connection.writer().writeData(this, Unpooled.EMPTY_BUFFER, true);
        } else {
            connection.writer().writeHeaders(this, section, true);
        }
    }

    @Override
    public void writeToTunnel(ByteBuf bytes) {
        writeBody(bytes);
    }

    @Override
    public boolean takesWebSocket() {
        return connection.takesWebSockets();
    }

    @Override
    public void flush() {
        times.active(connection.now());
        connection.writer().flushSoon();
    }

    @Override
    public void awaitResponse(long nanos) {
        if (!response.hasHead()) {
            times.awaitResponse(connection.now(), nanos);
        }
    }

    @Override
    public boolean isFull() {
        return !released && connection.writer().isFull(this);
    }

    @Override
    public void setReading(boolean wanted) {
        response.setReading(wanted);
    }

    @Override
    public boolean takesRest() {
        return !released;
    }

    @Override
    public void finished() {
        if (!requestEnded && !released) {
            // It asked for a tunnel, and got a response.
            connection.writer().reset(this, Http2Error.CANCEL);
        }
        release();
    }

    @Override
    public void returnUnused() {
        release();
    }

    @Override
    public void close() {
        boolean open = id != NOT_BEGUN && !released;
        release();
        if (open && response.isTunnel()) {
            connection.writer().endTunnel(this);
        } else if (open) {
            connection.writer().reset(this, Http2Error.CANCEL);
        }
    }

    /** Lets go of everything; true the first time. */
    boolean release() {
        listener = null;
        response.discard();
        if (released) {
            return false;
        }
        released = true;
        response.ended();
        connection.released(this);
        return true;
    }

    /** Notes that what was written of it goes out. */
    void sending() {
        ResponseListener to = listener;
        if (!sent && to != null) {
            sent = true;
            to.requestSending();
        }
    }

    boolean wasSent() {
        return sent;
    }

    /** Whether nothing has come on the connection since the request began. */
    boolean nothingCameSince(long reads) {
        return readsBefore == reads;
    }

    /** Whether all of the response is here, though not all of it may have been wanted yet. */
    boolean isResponseComplete() {
        return response.isComplete();
    }

    boolean hasHead() {
        return response.hasHead();
    }

    /** Whether it was just given a part of the response, after which nothing else has come for now. */
    void pauseInReading() {
        ResponseListener to = listener;
        if (to != null) {
            to.pauseInReading();
        }
    }

    void writable() {
        ResponseListener to = listener;
        if (to != null) {
            times.active(connection.now());
            to.writable();
        }
    }

    void responseTimedOut() {
        ResponseListener to = listener;
        if (to != null) {
            to.responseTimedOut();
        }
    }

    /** Ends it without a complete response, unless that is here already. The upstream is told nothing. */
    void fail(Throwable cause) {
        if (response.isComplete()) {
            return;
        }
        ResponseListener to = listener;
        release();
        if (to != null) {
            to.failed(cause);
        }
    }
}

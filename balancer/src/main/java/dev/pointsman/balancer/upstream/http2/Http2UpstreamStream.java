package dev.pointsman.balancer.upstream.http2;

import dev.pointsman.balancer.http.BodyFraming;
import dev.pointsman.balancer.http.ResponseFields;
import dev.pointsman.balancer.upstream.BadResponseException;
import dev.pointsman.balancer.upstream.RequestSink;
import dev.pointsman.balancer.upstream.ResponseListener;
import dev.pointsman.balancer.upstream.UpstreamRequest;
import dev.pointsman.balancer.upstream.UpstreamStream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/**
 * One request and its response as a stream of an {@link Http2UpstreamConnection}. What comes while nobody wants it is held here,
 * and the upstream gets the window for it back when it has been passed on: the window bounds what is held.
 */
final class Http2UpstreamStream implements UpstreamStream {
    private static final int NOT_BEGUN = 0;

    private final Http2UpstreamConnection connection;
    private final boolean reused;
    private int id = NOT_BEGUN;
    private @Nullable ResponseListener listener;
    private final StreamTimes times = new StreamTimes();
    private final ResponseContent content = new ResponseContent();
    private final HeldResponse held = new HeldResponse();
    private final ResponseWindow window;

    /** What it asks for besides, where that is a WebSocket. */
    private @Nullable WebSocketConnect webSocket;

    private boolean reading = true;
    private boolean released;
    private boolean tunnel;
    private boolean requestEnded;
    private boolean sent;
    private long readsBefore;

    Http2UpstreamStream(Http2UpstreamConnection connection, boolean reused) {
        this.connection = connection;
        this.reused = reused;
        this.window = new ResponseWindow(connection.growth());
    }

    int id() {
        return id;
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
        content.expect(request.isHead());
        webSocket = request.wantsUpgrade() ? new WebSocketConnect() : null;
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
        if (!content.hasHead()) {
            times.awaitResponse(connection.now(), nanos);
        }
    }

    @Override
    public boolean isFull() {
        return !released && connection.writer().isFull(this);
    }

    @Override
    public void setReading(boolean wanted) {
        reading = wanted;
        if (wanted) {
            passHeldOn();
        }
    }

    private void passHeldOn() {
        boolean passed = false;
        ResponseListener to = listener;
        while (reading && to != null && to == listener && !held.isEmpty()) {
            ByteBuf piece = held.remove();
            int bytes = piece.readableBytes();
            passed = true;
            to.chunk(piece);
            connection.writer().giveBack(this, bytes);
            passedOn(bytes, false);
        }
        if (to == null || to != listener) {
            return;
        }
        HttpHeaders end = held.takeEnd();
        if (end != null) {
            pass(end);
        } else if (passed) {
            to.pauseInReading();
        }
    }

    private void passedOn(int bytes, boolean keepsUp) {
        // Whoever got the bytes may have closed it.
        int more = released ? 0 : window.passedOn(bytes, keepsUp);
        if (more > 0) {
            connection.writer().widen(this, more);
        }
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
        if (open && tunnel) {
            connection.writer().endTunnel(this);
        } else if (open) {
            connection.writer().reset(this, Http2Error.CANCEL);
        }
    }

    /** Lets go of everything; true the first time. */
    private boolean release() {
        listener = null;
        held.release();
        if (released) {
            return false;
        }
        released = true;
        window.end();
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
        return held.hasEnd();
    }

    boolean hasHead() {
        return content.hasHead();
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

    void headersReceived(Http2Headers section, boolean isEnd) {
        ResponseListener to = listener;
        times.active(connection.now());
        if (to == null || held.hasEnd()) {
            return;
        }
        if (content.hasHead()) {
            trailersReceived(section, isEnd);
            return;
        }
        WebSocketConnect asked = webSocket;
        ReceivedFields read =
                ReceivedFields.ofHead(section, status -> to.fields(asked == null ? status : asked.statusFor(status)));
        HttpHeaders fields = read.fields();
        String flaw = read.flaw();
        if (flaw != null || fields == null) {
            malformed(flaw == null ? "no fields" : flaw);
        } else if (asked != null && asked.statusFor(read.status()) == 101) {
            switched(asked, fields, isEnd, to);
        } else if (read.status() >= 200) {
            head(read, fields, isEnd, to);
        } else if (isEnd || read.status() == HttpResponseStatus.SWITCHING_PROTOCOLS.code()) {
            malformed("an interim response that HTTP/2 has not");
        } else {
            to.interim(response(read.status(), fields));
        }
    }

    private void head(ReceivedFields read, HttpHeaders fields, boolean isEnd, ResponseListener to) {
        times.responseBegan();
        String flaw = content.begin(read.status(), read.contentLength(), isEnd);
        if (flaw != null) {
            malformed(flaw);
            return;
        }
        to.head(response(read.status(), fields));
        if (isEnd && listener == to) {
            pass(EmptyHttpHeaders.INSTANCE);
        }
    }

    /** Handles that the instance agrees to a WebSocket: the stream is one from now on. */
    private void switched(WebSocketConnect asked, HttpHeaders fields, boolean isEnd, ResponseListener to) {
        times.responseBegan();
        content.beginTunnel();
        tunnel = true;
        asked.complete(fields);
        to.head(response(101, fields));
        if (isEnd && listener == to) {
            pass(EmptyHttpHeaders.INSTANCE);
        }
    }

    private static DefaultHttpResponse response(int status, HttpHeaders fields) {
        return new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), fields);
    }

    private void trailersReceived(Http2Headers section, boolean isEnd) {
        HttpHeaders trailers = DefaultHttpHeadersFactory.trailersFactory()
                .withValidation(false)
                .newHeaders();
        String flaw = ReceivedFields.ofTrailers(section, trailers).flaw();
        if (flaw != null || !isEnd) {
            malformed(flaw == null ? "fields in the middle of the content" : flaw);
        } else {
            endReceived(trailers);
        }
    }

    /**
     * Receives a piece of the body, which is the caller's.
     *
     * @return bytes that were passed on, so that the upstream may send as many again
     */
    int dataReceived(ByteBuf data, boolean isEnd) {
        int bytes = data.readableBytes();
        times.active(connection.now());
        if (listener == null || held.hasEnd()) {
            return bytes;
        }
        String flaw = content.add(bytes);
        if (flaw != null) {
            malformed(flaw);
            return bytes;
        }
        int passed = bytes > 0 ? take(data) : 0;
        if (isEnd) {
            endReceived(EmptyHttpHeaders.INSTANCE);
        }
        return passed;
    }

    private int take(ByteBuf data) {
        int bytes = data.readableBytes();
        ResponseListener to = listener;
        if (reading && held.isEmpty() && to != null) {
            to.chunk(data.readRetainedSlice(bytes));
            passedOn(bytes, reading);
            return bytes;
        }
        held.add(data);
        return 0;
    }

    private void endReceived(HttpHeaders trailers) {
        if (listener == null) {
            return;
        }
        String flaw = content.end();
        if (flaw != null) {
            malformed(flaw);
        } else if (held.isEmpty()) {
            pass(trailers);
        } else {
            held.end(trailers);
        }
    }

    private void pass(HttpHeaders end) {
        ResponseListener to = listener;
        if (to != null && tunnel) {
            to.failed(new ClosedChannelException());
        } else if (to != null) {
            to.end(end);
        }
        // Whoever was told has closed it or finished with it; one that had ended before that has done neither.
        close();
    }

    private void malformed(String what) {
        ResponseListener to = listener;
        boolean first = release();
        if (first) {
            connection.writer().reset(this, Http2Error.PROTOCOL_ERROR);
        }
        if (to != null) {
            to.failed(new BadResponseException(what));
        }
    }

    /** Ends it without a complete response, unless that is here already. The upstream is told nothing. */
    void fail(Throwable cause) {
        if (held.hasEnd()) {
            return;
        }
        ResponseListener to = listener;
        release();
        if (to != null) {
            to.failed(cause);
        }
    }
}

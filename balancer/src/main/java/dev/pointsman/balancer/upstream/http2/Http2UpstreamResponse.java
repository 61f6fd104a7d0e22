package dev.pointsman.balancer.upstream.http2;

import dev.pointsman.balancer.upstream.BadResponseException;
import dev.pointsman.balancer.upstream.ResponseListener;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/**
 * What comes back on a stream: it is checked, and passed on as it comes. What comes while nobody wants it is held, and the upstream gets
 * the window for it back when it has been passed on: the window bounds what is held. For one event loop.
 */
final class Http2UpstreamResponse {
    private final Http2UpstreamStream stream;
    private final Http2UpstreamConnection connection;
    private final ResponseContent content = new ResponseContent();
    private final HeldResponse held = new HeldResponse();
    private final ResponseWindow window;

    /** What was asked for besides, where that is a WebSocket. */
    private @Nullable WebSocketConnect webSocket;

    private boolean reading = true;
    private boolean tunnel;

    Http2UpstreamResponse(Http2UpstreamStream stream, Http2UpstreamConnection connection) {
        this.stream = stream;
        this.connection = connection;
        this.window = new ResponseWindow(connection.growth());
    }

    /**
     * Notes what was asked for.
     *
     * @param toHead whether by HEAD
     */
    void expect(boolean toHead, @Nullable WebSocketConnect wanted) {
        content.expect(toHead);
        webSocket = wanted;
    }

    boolean hasHead() {
        return content.hasHead();
    }

    /** Whether all of it is here, though not all of it may have been wanted yet. */
    boolean isComplete() {
        return held.hasEnd();
    }

    /** Whether it has become a WebSocket. */
    boolean isTunnel() {
        return tunnel;
    }

    /** Releases what is held. */
    void discard() {
        held.release();
    }

    /** Notes that nothing more is received. */
    void ended() {
        window.end();
    }

    /** Passes on what comes, or holds it. */
    void setReading(boolean wanted) {
        reading = wanted;
        if (wanted) {
            passHeldOn();
        }
    }

    private void passHeldOn() {
        boolean passed = false;
        ResponseListener to = stream.listener();
        while (reading && to != null && to == stream.listener() && !held.isEmpty()) {
            ByteBuf piece = held.remove();
            int bytes = piece.readableBytes();
            passed = true;
            to.chunk(piece);
            connection.writer().giveBack(stream, bytes);
            passedOn(bytes, false);
        }
        if (to == null || to != stream.listener()) {
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
        int more = stream.isReleased() ? 0 : window.passedOn(bytes, keepsUp);
        if (more > 0) {
            connection.writer().widen(stream, more);
        }
    }

    void headersReceived(Http2Headers section, boolean isEnd) {
        ResponseListener to = stream.listener();
        stream.times().active(connection.now());
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
        stream.times().responseBegan();
        String flaw = content.begin(read.status(), read.contentLength(), isEnd);
        if (flaw != null) {
            malformed(flaw);
            return;
        }
        to.head(response(read.status(), fields));
        if (isEnd && stream.listener() == to) {
            pass(EmptyHttpHeaders.INSTANCE);
        }
    }

    /** Handles that the instance agrees to a WebSocket: the stream is one from now on. */
    private void switched(WebSocketConnect asked, HttpHeaders fields, boolean isEnd, ResponseListener to) {
        stream.times().responseBegan();
        content.beginTunnel();
        tunnel = true;
        asked.complete(fields);
        to.head(response(101, fields));
        if (isEnd && stream.listener() == to) {
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
        stream.times().active(connection.now());
        if (stream.listener() == null || held.hasEnd()) {
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
        ResponseListener to = stream.listener();
        if (reading && held.isEmpty() && to != null) {
            to.chunk(data.readRetainedSlice(bytes));
            passedOn(bytes, reading);
            return bytes;
        }
        held.add(data);
        return 0;
    }

    private void endReceived(HttpHeaders trailers) {
        if (stream.listener() == null) {
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
        ResponseListener to = stream.listener();
        if (to != null && tunnel) {
            to.failed(new ClosedChannelException());
        } else if (to != null) {
            to.end(end);
        }
        // Whoever was told has closed it or finished with it; one that had ended before that has done neither.
        stream.close();
    }

    private void malformed(String what) {
        ResponseListener to = stream.listener();
        boolean first = stream.release();
        if (first) {
            connection.writer().reset(stream, Http2Error.PROTOCOL_ERROR);
        }
        if (to != null) {
            to.failed(new BadResponseException(what));
        }
    }
}

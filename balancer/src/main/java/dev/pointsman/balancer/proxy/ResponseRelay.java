package dev.pointsman.balancer.proxy;

import dev.pointsman.balancer.downstream.ClientConnection;
import dev.pointsman.balancer.filter.Compression;
import dev.pointsman.balancer.filter.GzipBody;
import dev.pointsman.balancer.filter.RouteGate;
import dev.pointsman.balancer.http.ResponseFields;
import dev.pointsman.balancer.route.CompressRule;
import dev.pointsman.balancer.upstream.UpstreamStream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import org.jspecify.annotations.Nullable;

/**
 * The relay of an upstream's response to the client: the head at once, the body as it comes, at the pace of the slower
 * side. The newest piece waits until it is known whether more has come together with it, so that a small response goes
 * out in one write. A response that breaks off midway breaks off for the client too, so that it is not taken for a
 * whole one.
 */
final class ResponseRelay {
    private final RoutedRequest routed;
    private final ClientConnection client;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final UpstreamStream stream;
    private @Nullable ByteBuf waiting;
    private @Nullable GzipBody gzip;
    private boolean bodiless;
    private boolean chunked;
    private boolean headWritten;
    private boolean endsWithConnection;
    private boolean paused;
    private boolean abandoned;

    ResponseRelay(RoutedRequest routed, UpstreamStream stream) {
        this.routed = routed;
        this.client = routed.client();
        this.request = routed.request();
        this.response = request.response();
        this.stream = stream;
    }

    void head(HttpResponse head) {
        HttpResponseStatus status = head.status();
        int code = status.code();
        response.setStatusCode(code);
        bodiless = request.method().equals(io.vertx.core.http.HttpMethod.HEAD) || code == 204 || code == 304;
        // Only an unusual phrase is worth a status of its own.
        if (!bodiless && !status.reasonPhrase().equals(response.getStatusMessage())) {
            response.setStatusMessage(status.reasonPhrase());
        }
        ResponseFields.removeHopByHop(head.headers());
        RouteGate gate = routed.gate();
        CompressRule rule = gate == null ? null : gate.compress();
        if (rule != null && Compression.prepare(rule, routed, bodiless, code, head.headers())) {
            gzip = new GzipBody();
        }
        if (code == 204) {
            // RFC 9110, 8.6: there is nothing to be counted.
            response.headers().remove(HttpHeaderNames.CONTENT_LENGTH);
        } else if (!bodiless) {
            frame(head.headers());
        }
        LiveExplanation explanation = routed.explanation();
        if (explanation != null) {
            explanation.addTo(ClientRequest.fieldsOf(response), code);
        }
        client.completeFields(response);
    }

    private void frame(HttpHeaders fields) {
        if (fields.contains(HttpHeaderNames.CONTENT_LENGTH)) {
            return;
        }
        chunked = client.delimit(response) == ClientConnection.BodyDelimiter.MARK;
        endsWithConnection = !chunked;
    }

    void chunk(ByteBuf bytes) {
        GzipBody packing = gzip;
        if (packing != null) {
            add(packing.compress(bytes));
        } else {
            writeWaiting();
            add(bytes);
        }
    }

    /** Adds to what waits, in one piece. */
    private void add(ByteBuf bytes) {
        ByteBuf before = waiting;
        if (abandoned || !bytes.isReadable()) {
            // What was written before may have shown that the client is gone.
            bytes.release();
        } else {
            waiting = before == null ? bytes : Unpooled.wrappedBuffer(before, bytes);
        }
    }

    void pauseInReading() {
        GzipBody packing = gzip;
        if (packing != null && packing.isUnflushed()) {
            add(packing.flush());
        }
        if (waiting != null) {
            writeWaiting();
        } else if (!headWritten && !bodiless) {
            writeHead();
        }
    }

    private void writeHead() {
        headWritten = true;
        response.writeHead();
    }

    private void writeWaiting() {
        ByteBuf bytes = waiting;
        if (bytes == null) {
            return;
        }
        waiting = null;
        headWritten = true;
        client.write(response, bytes);
        client.recordActivity();
        if (response.writeQueueFull() && !paused) {
            paused = true;
            stream.setReading(false);
            response.drainHandler(drained -> {
                paused = false;
                client.recordActivity();
                stream.setReading(true);
            });
        }
    }

    void end(HttpHeaders trailers) {
        GzipBody packing = gzip;
        if (packing != null) {
            gzip = null;
            add(packing.finish());
        }
        ByteBuf bytes = waiting;
        waiting = null;
        if (paused) {
            // The upstream's connection may serve another request by the time the client has caught up.
            response.drainHandler(null);
        }
        if (!trailers.isEmpty() && (chunked || client.takesTrailersAfterLength())) {
            ResponseFields.copyTrailers(trailers, response.trailers()::add);
        }
        client.end(response, bytes == null ? Unpooled.EMPTY_BUFFER : bytes);
    }

    /** Gives back what the response holds, as nothing more comes of it. */
    void abandon() {
        abandoned = true;
        GzipBody packing = gzip;
        if (packing != null) {
            gzip = null;
            packing.close();
        }
        ByteBuf bytes = waiting;
        waiting = null;
        if (bytes != null) {
            bytes.release();
        }
    }

    /**
     * Aborts the response: a client that has got a part of it sees it break off.
     *
     * @param code what it is told in HTTP/2 (RFC 9113, 7)
     */
    Aborted abort(long code) {
        abandon();
        if (!headWritten) {
            return Aborted.NOTHING_SENT;
        }
        if (endsWithConnection) {
            client.reset();
        } else {
            response.reset(code);
        }
        return Aborted.CUT_SHORT;
    }

    /** The part of an aborted response that the client has. */
    enum Aborted {
        /** Nothing: it can still get a response that says what happened. */
        NOTHING_SENT,
        /** A part, and no more will come. */
        CUT_SHORT
    }
}

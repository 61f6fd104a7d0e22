package dev.pointsman.balancer.proxy;

import dev.pointsman.balancer.http.ResponseFields;
import dev.pointsman.balancer.upstream.UpstreamConnection;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpResponse;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.net.NetSocket;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * A tunnel between a client and an upstream, after the upstream's 101 to a WebSocket handshake (RFC 6455, 4.2.2): bytes
 * go both ways as they come, at the pace of the slower side, until either closes.
 */
final class Tunnel {
    private final RoutedRequest routed;
    private final UpstreamConnection upstream;
    private final Runnable closed;
    private final Queue<ByteBuf> early = new ArrayDeque<>(1);
    private @Nullable NetSocket downstream;
    private boolean over;
    private long received;
    private long sent;

    Tunnel(RoutedRequest routed, UpstreamConnection upstream, Runnable closed) {
        this.routed = routed;
        this.upstream = upstream;
        this.closed = closed;
    }

    /** Opens the tunnel: passes the 101 on. */
    void open(HttpResponse head) {
        // Until the client's side stands, nothing that may follow the 101 is read.
        upstream.setReading(false);
        HttpServerResponse response = routed.request().response();
        ResponseFields.removeHopByHop(head.headers());
        head.headers().forEach(field -> response.headers().add(field.getKey(), field.getValue()));
        response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.UPGRADE).putHeader(HttpHeaders.UPGRADE, "websocket");
        LiveExplanation explanation = routed.explanation();
        if (explanation != null) {
            explanation.addTo(ClientRequest.fieldsOf(response), 101);
        }
        byte[] sentAhead = routed.client().takeRemainingBytes();
        routed.request().toNetSocket().onComplete(this::join, gone -> close());
        received += sentAhead.length;
        if (sentAhead.length > 0 && !over) {
            upstream.write(Unpooled.wrappedBuffer(sentAhead));
            upstream.flush();
        }
    }

    private void join(NetSocket socket) {
        downstream = socket;
        socket.exceptionHandler(broken -> close());
        socket.closeHandler(left -> close());
        socket.handler(this::fromDownstream);
        socket.drainHandler(drained -> {
            routed.client().recordActivity();
            upstream.setReading(true);
        });
        early.forEach(bytes -> pass(bytes, socket));
        early.clear();
        upstream.setReading(!socket.writeQueueFull());
    }

    private void fromDownstream(Buffer bytes) {
        if (over) {
            return;
        }
        received += bytes.length();
        upstream.write(((BufferInternal) bytes).getByteBuf());
        upstream.flush();
        NetSocket socket = downstream;
        if (upstream.isFull() && socket != null) {
            socket.pause();
        }
    }

    void upstreamWritable() {
        NetSocket socket = downstream;
        if (socket != null) {
            socket.resume();
        }
    }

    void fromUpstream(ByteBuf bytes) {
        NetSocket socket = downstream;
        if (over) {
            bytes.release();
        } else if (socket == null) {
            early.add(bytes);
        } else {
            pass(bytes, socket);
        }
    }

    private void pass(ByteBuf bytes, NetSocket socket) {
        sent += bytes.readableBytes();
        socket.write(BufferInternal.buffer(bytes)).onComplete(written -> bytes.release());
        routed.client().recordActivity();
        if (socket.writeQueueFull()) {
            upstream.setReading(false);
        }
    }

    /** How many bytes the client has sent through it so far. */
    long bytesReceived() {
        return received;
    }

    /** How many bytes have gone to the client through it so far. */
    long bytesSent() {
        return sent;
    }

    void upstreamClosed() {
        close();
    }

    private void close() {
        if (over) {
            return;
        }
        over = true;
        early.forEach(ByteBuf::release);
        early.clear();
        upstream.close();
        NetSocket socket = downstream;
        if (socket == null) {
            routed.request().connection().close();
        } else {
            socket.close();
        }
        closed.run();
    }
}

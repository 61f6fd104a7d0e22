package dev.pointsman.balancer.proxy;

import dev.pointsman.balancer.downstream.ClientConnection;
import dev.pointsman.balancer.downstream.TunnelListener;
import dev.pointsman.balancer.http.ResponseFields;
import dev.pointsman.balancer.upstream.UpstreamStream;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;

/**
 * A tunnel between a client and an upstream, after the upstream's 101 to a WebSocket handshake (RFC 6455, 4.2.2): bytes
 * go both ways as they come, at the pace of the slower side, until either closes.
 */
final class Tunnel implements TunnelListener {
    private final RoutedRequest routed;
    private final ClientConnection client;
    private final UpstreamStream upstream;
    private final Runnable closed;
    private boolean over;
    private long received;
    private long sent;

    Tunnel(RoutedRequest routed, UpstreamStream upstream, Runnable closed) {
        this.routed = routed;
        this.client = routed.client();
        this.upstream = upstream;
        this.closed = closed;
    }

    /** Opens the tunnel: passes the 101 on. */
    void open(HttpResponse head) {
        HttpServerResponse response = routed.request().response();
        ResponseFields.removeHopByHop(head.headers());
        head.headers().forEach(field -> response.headers().add(field.getKey(), field.getValue()));
        response.setStatusCode(101)
                .putHeader(HttpHeaders.CONNECTION, HttpHeaders.UPGRADE)
                .putHeader(HttpHeaders.UPGRADE, "websocket");
        LiveExplanation explanation = routed.explanation();
        if (explanation != null) {
            explanation.addTo(ClientRequest.fieldsOf(response), 101);
        }
        response.writeHead();
        client.becomeTunnel(this);
        client.setReading(true);
    }

    @Override
    public void fromClient(ByteBuf bytes) {
        if (over) {
            bytes.release();
            return;
        }
        received += bytes.readableBytes();
        upstream.writeToTunnel(bytes);
        upstream.flush();
        if (upstream.isFull()) {
            client.setReading(false);
        }
    }

    void upstreamWritable() {
        client.setReading(true);
    }

    void fromUpstream(ByteBuf bytes) {
        if (over) {
            bytes.release();
            return;
        }
        sent += bytes.readableBytes();
        client.writeToTunnel(bytes);
        if (client.isFull()) {
            upstream.setReading(false);
        }
    }

    @Override
    public void clientWritable() {
        upstream.setReading(true);
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

    @Override
    public void clientClosed() {
        close();
    }

    private void close() {
        if (over) {
            return;
        }
        over = true;
        upstream.close();
        client.close();
        closed.run();
    }
}

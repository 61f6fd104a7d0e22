package dev.pointsman.sample;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /ws}: a WebSocket that sends back every frame as it came, no faster than the client reads. When the service
 * drains it closes with 1001, "going away" (RFC 6455, 7.4.1).
 */
final class WebSocketEcho implements Handler<HttpServerRequest> {
    private static final Logger log = LoggerFactory.getLogger(WebSocketEcho.class);
    private static final short GOING_AWAY = 1001;

    @Override
    public void handle(HttpServerRequest request) {
        if (!request.canUpgradeToWebSocket()) {
            request.response().putHeader(HttpHeaders.UPGRADE, "websocket");
            SampleHandler.respond(request, 426, "this path speaks WebSocket only");
            return;
        }
        request.toWebSocket()
                .onSuccess(WebSocketEcho::echo)
                .onFailure(failure -> log.warn("A WebSocket handshake failed: {}", failure.getMessage()));
    }

    private static void echo(ServerWebSocket socket) {
        socket.frameHandler(frame -> send(socket, frame));
        socket.drainHandler(drained -> socket.resume());
        socket.shutdownHandler(draining -> socket.close(GOING_AWAY, "the service is stopping"));
    }

    private static void send(ServerWebSocket socket, WebSocketFrame frame) {
        if (socket.isClosed() || !(frame.isText() || frame.isBinary() || frame.isContinuation())) {
            // Vert.x itself responds to pings.
            return;
        }
        socket.writeFrame(frame);
        if (socket.writeQueueFull()) {
            socket.pause();
        }
    }
}

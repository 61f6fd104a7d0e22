package dev.pointsman.balancer.proxy;

import dev.pointsman.pool.Outcome;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.NetSocket;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * WebSocket upgrades (RFC 6455, 4.1; RFC 9110, 7.8). After the upstream's 101 the two connections are one tunnel, with
 * back-pressure both ways; until then nothing but the request's head goes through. Other protocols are not offered to
 * the upstream: the request goes on as plain HTTP, as 7.8 allows.
 */
final class Upgrade {
    private static final String WEBSOCKET = "websocket";

    private Upgrade() {}

    static boolean isAskedFor(HttpServerRequest request) {
        return request.version() == HttpVersion.HTTP_1_1
                && request.method().equals(HttpMethod.GET)
                && WEBSOCKET.equalsIgnoreCase(request.getHeader(HttpHeaders.UPGRADE))
                && tokens(request.headers().getAll(HttpHeaders.CONNECTION)).anyMatch("upgrade"::equals);
    }

    private static Stream<String> tokens(List<String> values) {
        return values.stream().flatMap(value -> Stream.of(value.split(",", -1))).map(token -> token.strip()
                .toLowerCase(Locale.ROOT));
    }

    /** Sends the head with the two fields that belong to this connection and were therefore left out of it. */
    static Future<HttpClientResponse> ask(HttpServerRequest request, HttpClientRequest outgoing) {
        outgoing.putHeader(HttpHeaders.CONNECTION, HttpHeaders.UPGRADE);
        outgoing.putHeader(HttpHeaders.UPGRADE, WEBSOCKET);
        return outgoing.connect();
    }

    /** Passes the 101 on and joins the two connections until both are closed. */
    static void tunnel(HttpServerRequest request, HttpClientResponse answer, Consumer<Outcome> done) {
        NetSocket upstream = answer.netSocket();
        upstream.pause();
        HopHeaders.copyEndToEnd(answer.headers(), request.response().headers());
        request.response()
                .putHeader(HttpHeaders.CONNECTION, HttpHeaders.UPGRADE)
                .putHeader(HttpHeaders.UPGRADE, WEBSOCKET);
        request.toNetSocket().onComplete(downstream -> join(downstream, upstream, done), gone -> {
            upstream.close();
            done.accept(Outcome.UNDECIDED);
        });
    }

    private static void join(NetSocket downstream, NetSocket upstream, Consumer<Outcome> done) {
        downstream.exceptionHandler(broken -> upstream.close());
        upstream.exceptionHandler(broken -> downstream.close());
        downstream.closeHandler(closed -> upstream.close());
        upstream.closeHandler(closed -> {
            downstream.close();
            done.accept(Outcome.ANSWERED);
        });
        downstream.handler(chunk -> Bodies.write(chunk, downstream, upstream));
        upstream.handler(chunk -> Bodies.write(chunk, upstream, downstream));
        upstream.resume();
    }
}

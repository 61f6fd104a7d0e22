package dev.pointsman.registry.consul;

import dev.pointsman.registry.consul.internal.query.AnswerProbe;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;

/** A probe by TCP: whatever accepts a connection within a second answers. */
final class TcpProbe implements AnswerProbe {
    private static final int CONNECT_TIMEOUT_MS = 1_000;

    private final NetClient client;

    TcpProbe(Vertx vertx) {
        client = vertx.createNetClient(new NetClientOptions().setConnectTimeout(CONNECT_TIMEOUT_MS));
    }

    @Override
    public Future<Boolean> answers(String host, int port) {
        try {
            return client.connect(port, host)
                    .compose(NetSocket::close)
                    .map(true)
                    .otherwise(false);
        } catch (RuntimeException noAddress) {
            return Future.succeededFuture(false);
        }
    }
}

package dev.pointsman.registry.embedded;

import io.vertx.core.Future;
import io.vertx.core.Vertx;

public final class EmbeddedRegistry {
    public record Options(String host, int port) {
        public static Options at(String host, int port) {
            return new Options(host, port);
        }
    }

    public static Future<EmbeddedRegistry> start(Vertx vertx, Options options) {
        return Future.failedFuture("stub");
    }

    public int port() {
        return 0;
    }

    public Future<Void> close() {
        return Future.succeededFuture();
    }
}

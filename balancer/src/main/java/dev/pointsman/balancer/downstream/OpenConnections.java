package dev.pointsman.balancer.downstream;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import org.jspecify.annotations.Nullable;

/** The count of the open client connections of one event loop, for whom waits until all have ended. For that loop only. */
public final class OpenConnections {
    private int count;
    private @Nullable Promise<Void> none;

    void opened() {
        count++;
    }

    void closed() {
        count--;
        Promise<Void> waiting = none;
        if (count == 0 && waiting != null) {
            none = null;
            waiting.complete();
        }
    }

    /** Completes when no connection is open, which may be now. */
    public Future<Void> whenNone() {
        if (count == 0) {
            return Future.succeededFuture();
        }
        Promise<Void> waiting = none;
        if (waiting == null) {
            waiting = Promise.promise();
            none = waiting;
        }
        return waiting.future();
    }
}

package dev.pointsman.balancer.downstream;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The open client connections of one event loop, for whom waits until all have ended, or ends them. For that loop only. */
public final class OpenConnections {
    private final Set<Closable> all = new HashSet<>();
    private @Nullable Promise<Void> none;

    /** A connection that can be ended. */
    public interface Closable {
        /** Ends the connection. */
        void close();
    }

    /** Takes note of one more. */
    public void opened(Closable connection) {
        all.add(connection);
    }

    /** Takes note that one has ended. */
    public void closed(Closable connection) {
        all.remove(connection);
        Promise<Void> waiting = none;
        if (all.isEmpty() && waiting != null) {
            none = null;
            waiting.complete();
        }
    }

    /** Ends all of them. */
    public void closeAll() {
        List.copyOf(all).forEach(Closable::close);
    }

    /** Completes when no connection is open, which may be now. */
    public Future<Void> whenNone() {
        if (all.isEmpty()) {
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

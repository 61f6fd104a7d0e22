package dev.pointsman.client.internal.connection;

import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.Completable;
import io.vertx.core.http.impl.HttpChannelConnector;
import io.vertx.core.impl.NoStackTraceTimeoutException;
import io.vertx.core.internal.ContextInternal;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one event loop to one instance: those that are idle, the newest first, and the calls that wait for one
 * because there are as many as there may be. For its loop's thread alone.
 */
final class InstanceConnections {
    private final LoopConnections loop;
    private final HttpChannelConnector connector;
    private final Deque<PooledConnection> idle = new ArrayDeque<>();
    private final Deque<WaitingTaker> waiting = new ArrayDeque<>();

    /** Those that are idle, in use, and being opened. */
    private int open;

    private boolean forgotten;

    InstanceConnections(LoopConnections loop, HttpChannelConnector connector) {
        this.loop = loop;
        this.connector = connector;
    }

    /** A call without a connection. */
    private static final class WaitingTaker {
        private final ContextInternal context;
        private final Completable<PooledConnection> taker;
        private @Nullable ScheduledFuture<?> timer;

        WaitingTaker(ContextInternal context, Completable<PooledConnection> taker) {
            this.context = context;
            this.taker = taker;
        }

        void complete(@Nullable PooledConnection connection, @Nullable Throwable failure) {
            if (timer != null) {
                timer.cancel(false);
            }
            context.emit(null, there -> taker.complete(connection, failure));
        }
    }

    /** Gives a connection: an idle one at once, else a new one, or the next that is released. */
    void take(ContextInternal context, Completable<PooledConnection> taker) {
        PooledConnection newest = idle.poll();
        while (newest != null && !newest.isValid()) {
            newest.close();
            newest = idle.poll();
        }
        if (newest != null) {
            taker.succeed(newest);
            return;
        }
        WaitingTaker next = new WaitingTaker(context, taker);
        if (open < loop.most()) {
            open(next);
        } else {
            waiting.add(next);
            next.timer = loop.schedule(() -> expired(next), loop.patienceNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void expired(WaitingTaker late) {
        if (waiting.remove(late)) {
            late.complete(
                    null,
                    new NoStackTraceTimeoutException("no connection to " + connector.server() + " became free within "
                            + TimeUnit.NANOSECONDS.toMillis(loop.patienceNanos()) + " ms"));
        }
    }

    private void open(WaitingTaker next) {
        open++;
        connector.httpConnect(loop.context()).onComplete(opened -> {
            if (opened.succeeded()) {
                next.complete(new PooledConnection(this, opened.result()), null);
            } else {
                open--;
                next.complete(null, opened.cause());
                openForWaiting();
            }
        });
    }

    private void openForWaiting() {
        WaitingTaker next = loop.isClosed() ? null : waiting.poll();
        if (next != null) {
            open(next);
        }
    }

    /** A connection can carry the next request. */
    void released(PooledConnection free) {
        WaitingTaker next = waiting.poll();
        if (next != null) {
            next.complete(free, null);
        } else {
            idle.push(free);
            loop.sweepLater();
        }
    }

    /** A connection is closed, or about to be. */
    void gone(PooledConnection closed) {
        open--;
        idle.remove(closed);
        openForWaiting();
    }

    /** Closes those that were idle for too long. Returns whether there are any left. */
    boolean sweep() {
        for (PooledConnection each : List.copyOf(idle)) {
            if (!each.isValid()) {
                each.close();
            }
        }
        forgotten = open == 0 && waiting.isEmpty();
        return !forgotten;
    }

    /** Whether it is not to be used any more, as there was nothing in it. */
    boolean isForgotten() {
        return forgotten;
    }

    /** Ends what waits. */
    void close(Throwable why) {
        List<WaitingTaker> ending = List.copyOf(waiting);
        waiting.clear();
        ending.forEach(taker -> taker.complete(null, why));
    }
}

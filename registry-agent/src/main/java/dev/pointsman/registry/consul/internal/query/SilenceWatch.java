package dev.pointsman.registry.consul.internal.query;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The way back after Consul went silent: from the first query that got no response on, knocks on new connections every half
 * second, whatever else is under way, and at the first response resumes the queries at once. A query whose packets go nowhere
 * would else notice the return at its own deadline only. Where nothing at all was heard meanwhile, every connection is given
 * up, since those that have not failed yet may be as dead. Another datacenter is knocked at again when the knock before is over: the
 * agent forwards it, and holds it for longer than it is waited for here. Lives on one Vert.x context.
 */
public final class SilenceWatch {
    private static final Duration BETWEEN_KNOCKS = Duration.ofMillis(500);
    private static final Duration KNOCK_TIMEOUT = Duration.ofSeconds(5);
    /** With queries that wait for 5 s at the most, a Consul that is there is mostly heard of more often. */
    private static final Duration SILENT = Duration.ofSeconds(3);

    /** A query that can be sent again at once. */
    interface Resumable {
        /**
         * Sends the query again, if its last attempt failed.
         *
         * @param reconnected whether every connection was given up, so that one under way has to be sent again too
         */
        void resume(boolean reconnected);
    }

    private final Vertx vertx;
    private final ConsulTransport transport;
    private final LongSupplier nanoTime;
    private final Set<Resumable> queries = new LinkedHashSet<>();
    private long heardAt;
    private @Nullable Long knocking;
    /** How many knocks are unanswered. */
    private int knocks;

    /** Creates a watch that does nothing before a query is unheard. */
    public SilenceWatch(Vertx vertx, ConsulTransport transport, LongSupplier nanoTime) {
        this.vertx = vertx;
        this.transport = transport;
        this.nanoTime = nanoTime;
        this.heardAt = nanoTime.getAsLong();
    }

    void add(Resumable query) {
        queries.add(query);
    }

    void remove(Resumable query) {
        queries.remove(query);
        if (queries.isEmpty()) {
            stopKnocking();
        }
    }

    /** Notes a response to a query. */
    void heard() {
        heardAt = nanoTime.getAsLong();
    }

    /** Notes that a query got no response. */
    void unheard() {
        if (knocking == null && !queries.isEmpty()) {
            knocking = vertx.setPeriodic(BETWEEN_KNOCKS.toMillis(), fired -> knock(fired));
        }
    }

    private void knock(long round) {
        if (knocks > 0 && transport.datacenter() != null) {
            return;
        }
        knocks++;
        transport.knock(KNOCK_TIMEOUT).onComplete(ended -> {
            knocks--;
            if (ended.succeeded() && knocking != null && knocking == round) {
                back();
            }
        });
    }

    private void back() {
        stopKnocking();
        boolean silent = nanoTime.getAsLong() - heardAt > SILENT.toNanos();
        heard();
        // Resumed first: what was under way is given up by then, and not taken for another failure.
        List.copyOf(queries).forEach(query -> query.resume(silent));
        if (silent) {
            transport.reconnect();
        }
    }

    private void stopKnocking() {
        if (knocking != null) {
            vertx.cancelTimer(knocking);
            knocking = null;
        }
    }
}

package dev.pointsman.balancer.downstream.http1;

import dev.pointsman.balancer.downstream.RouterRequest;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The turns of the requests of one connection: each is served when the one before has been responded to, in the order in
 * which they came (RFC 9112, 9.3.2). For one event loop.
 */
final class RequestTurns {
    /** The requests that may wait for their turn before no more are to be read. */
    private static final int MANY = 8;

    private final Queue<RouterRequest> waiting = new ArrayDeque<>(1);
    private final Consumer<RouterRequest> serve;
    private @Nullable RouterRequest current;
    private boolean serving;

    /** Whether requests are given their turn further up the stack. */
    private boolean dispatching;

    /**
     * The turns of a connection.
     *
     * @param serve gets each request when its turn comes
     */
    RequestTurns(Consumer<RouterRequest> serve) {
        this.serve = serve;
    }

    /** Gives a request that has begun to arrive its turn, now or later. */
    void arrived(RouterRequest request) {
        waiting.add(request);
        next();
    }

    /** Notes that the current request needs nothing more; {@link #next} is to be called then. */
    void ended() {
        serving = false;
    }

    /** Gives the next request its turn, if it has come. */
    void next() {
        if (dispatching) {
            return;
        }
        dispatching = true;
        try {
            for (RouterRequest next = poll(); next != null; next = poll()) {
                current = next;
                serving = true;
                serve.accept(next);
            }
        } finally {
            dispatching = false;
        }
    }

    private @Nullable RouterRequest poll() {
        return serving ? null : waiting.poll();
    }

    /** The request whose turn it is or, between two, was. */
    RouterRequest current() {
        return Objects.requireNonNull(current, "a request that was not received");
    }

    /** Whether a request is being served. */
    boolean isServing() {
        return serving;
    }

    /** Whether requests have arrived whose turn has not come. */
    boolean hasWaiting() {
        return !waiting.isEmpty();
    }

    /** Whether so many wait that no more are to be read; where few do, the client's departure is to be noticed. */
    boolean hasManyWaiting() {
        return waiting.size() >= MANY;
    }

    /** Drops the requests whose turn has not come. */
    void drop() {
        waiting.forEach(request -> request.received().body().discard());
        waiting.clear();
    }
}

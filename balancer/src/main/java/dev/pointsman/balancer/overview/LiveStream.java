package dev.pointsman.balancer.overview;

import dev.pointsman.balancer.admin.StateView.ShownChange;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;

/**
 * The stream of events to one client (WHATWG HTML, 9.2). A client that reads too slowly misses overviews, of which the next
 * is as good, and gets changes later: nothing waits here but what Netty takes before it says that it has enough. For the event
 * loop of its connection.
 */
final class LiveStream {
    private final HttpServerResponse response;
    private final OverviewQuery query;
    private long lastChange;

    /** @param lastChange the number of the last change that the client knows of */
    LiveStream(HttpServerResponse response, OverviewQuery query, long lastChange) {
        this.response = response;
        this.query = query;
        this.lastChange = lastChange;
    }

    OverviewQuery query() {
        return query;
    }

    long lastChange() {
        return lastChange;
    }

    /** Begins the stream; a client that loses it comes back two seconds later. */
    void begin() {
        response.setChunked(true)
                .putHeader("content-type", "text/event-stream")
                .putHeader("cache-control", "no-store")
                .putHeader("x-accel-buffering", "no");
        send("retry: 2000\n\n");
    }

    /** Whether it takes no more at this moment. */
    boolean isFull() {
        return response.ended() || response.closed() || response.writeQueueFull();
    }

    /**
     * Sends an overview, unless the client has not read what came before it.
     *
     * @param json on one line
     * @return whether it was sent
     */
    boolean overview(String json) {
        if (isFull()) {
            return false;
        }
        send("event: overview\ndata: " + json + "\n\n");
        return true;
    }

    /** Sends those of these changes that the client does not know of; where it is full, at a later call. */
    void changes(List<NumberedText> newest) {
        if (isFull()) {
            return;
        }
        StringBuilder events = new StringBuilder();
        for (NumberedText change : newest) {
            if (change.number() > lastChange) {
                events.append("id: ").append(change.number()).append("\nevent: change\ndata: ");
                events.append(change.json()).append("\n\n");
                lastChange = change.number();
            }
        }
        if (!events.isEmpty()) {
            send(events.toString());
        }
    }

    /** Has proxies see that it lives. */
    void comment() {
        if (!isFull()) {
            send(": alive\n\n");
        }
    }

    private void send(String events) {
        // A write that fails ends the connection, which is noticed by its close.
        var unused = response.write(events);
    }

    void end() {
        if (!response.ended() && !response.closed()) {
            var unused = response.end();
        }
    }

    /** A change, written out once for all streams. */
    record NumberedText(long number, String json) {
        static NumberedText of(ShownChange change) {
            return new NumberedText(change.number(), change.json().encode());
        }
    }
}

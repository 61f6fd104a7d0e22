package dev.pointsman.sample;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.OptionalLong;

/**
 * {@code /sse?ms=&n=}: server-sent events, one every ms (1 s by default), n of them (without an end by
 * default). When the service drains, the stream ends.
 */
final class Events implements Handler<HttpServerRequest> {
    private static final long DEFAULT_MILLIS = 1_000;
    private static final long MOST_MILLIS = 600_000;

    private final String text;

    Events(String text) {
        this.text = text;
    }

    @Override
    public void handle(HttpServerRequest request) {
        OptionalLong millis = Query.number(request, "ms", DEFAULT_MILLIS, MOST_MILLIS);
        if (millis.isEmpty()) {
            return;
        }
        OptionalLong count = Query.number(request, "n", Long.MAX_VALUE, Long.MAX_VALUE);
        if (count.isEmpty()) {
            return;
        }
        HttpServerResponse response = request.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache")
                .setChunked(true);
        if (count.getAsLong() == 0) {
            response.end();
            return;
        }
        // The head at once: the client is to know that the stream is open before the first event comes.
        response.writeHead();
        new Stream(response, count.getAsLong()).start(request, Math.max(1, millis.getAsLong()));
    }

    private final class Stream {
        private final HttpServerResponse response;
        private final long last;
        private long number;

        Stream(HttpServerResponse response, long last) {
            this.response = response;
            this.last = last;
        }

        void start(HttpServerRequest request, long millis) {
            Vertx vertx = Vertx.currentContext().owner();
            long timer = vertx.setPeriodic(millis, now -> next());
            response.closeHandler(gone -> vertx.cancelTimer(timer));
            response.endHandler(ended -> vertx.cancelTimer(timer));
            request.connection().shutdownHandler(draining -> end());
        }

        private void next() {
            if (response.ended() || response.closed() || response.writeQueueFull()) {
                // A client that does not keep up misses events; they are not stored up for it.
                return;
            }
            number++;
            response.write("id: " + number + "\ndata: " + text + "\n\n");
            if (number >= last) {
                end();
            }
        }

        private void end() {
            if (!response.ended() && !response.closed()) {
                response.end();
            }
        }
    }
}

package dev.pointsman.balancer.downstream;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;

/**
 * A client that waits for a word before it sends its body (RFC 9110, 10.1.1). The word is the upstream's, which may also
 * answer at once and be spared the body; one that says nothing for a while has perhaps never heard of 100, and then the
 * client is told to go on by us, or both would wait for the other.
 */
public final class ExpectContinue {
    private static final Duration PATIENCE = Duration.ofMillis(250);
    private static final long NO_TIMER = -1;

    private final HttpServerResponse response;
    private final Vertx vertx;
    private long timer;
    private boolean said;

    public ExpectContinue(HttpServerResponse response, Vertx vertx) {
        this.response = response;
        this.vertx = vertx;
        this.timer = vertx.setTimer(PATIENCE.toMillis(), silent -> {
            timer = NO_TIMER;
            over();
        });
    }

    /** The client may go on. */
    public void over() {
        cancel();
        if (!said && !response.headWritten()) {
            said = true;
            response.writeContinue();
        }
    }

    /** Something else was said to the client. */
    public void cancel() {
        if (timer != NO_TIMER) {
            vertx.cancelTimer(timer);
            timer = NO_TIMER;
        }
    }
}

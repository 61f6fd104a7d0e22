package dev.pointsman.balancer.downstream;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;

/**
 * The wait of a client for 100 before it sends its body (RFC 9110, 10.1.1). The 100 is the upstream's, which may also
 * respond at once and be spared the body; an upstream that sends nothing for a while perhaps does not know 100, and then the
 * client gets it from the balancer, or both would wait for the other.
 */
public final class ExpectContinue {
    private static final Duration DELAY = Duration.ofMillis(250);
    private static final long NO_TIMER = -1;

    private final HttpServerResponse response;
    private final Vertx vertx;
    private long timer;
    private boolean sent;

    public ExpectContinue(HttpServerResponse response, Vertx vertx) {
        this.response = response;
        this.vertx = vertx;
        this.timer = vertx.setTimer(DELAY.toMillis(), silent -> {
            timer = NO_TIMER;
            proceed();
        });
    }

    /** Sends the client its 100. */
    public void proceed() {
        cancel();
        if (!sent && !response.headWritten()) {
            sent = true;
            response.writeContinue();
        }
    }

    /** Ends the wait: the client got, or will get, a response other than 100. */
    public void cancel() {
        if (timer != NO_TIMER) {
            vertx.cancelTimer(timer);
            timer = NO_TIMER;
        }
    }
}

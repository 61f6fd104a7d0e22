package dev.pointsman.balancer.proxy;

import java.time.Duration;

/**
 * A client that waits for a word before it sends its body (RFC 9110, 10.1.1). The word is the upstream's, which may also
 * answer at once and be spared the body; one that says nothing for a while has perhaps never heard of 100, and then the
 * client is told to go on by us, or both would wait for the other.
 */
final class Continue {
    private static final Duration PATIENCE = Duration.ofMillis(250);
    private static final long NO_TIMER = -1;

    private final Incoming incoming;
    private final ProxyParts parts;
    private long timer;
    private boolean said;

    Continue(Incoming incoming, ProxyParts parts) {
        this.incoming = incoming;
        this.parts = parts;
        this.timer = parts.vertx().setTimer(PATIENCE.toMillis(), silent -> {
            timer = NO_TIMER;
            over();
        });
    }

    /** The client may go on. */
    void over() {
        cancel();
        if (!said && !incoming.request().response().headWritten()) {
            said = true;
            incoming.request().response().writeContinue();
        }
    }

    /** Something else was said to the client. */
    void cancel() {
        if (timer != NO_TIMER) {
            parts.vertx().cancelTimer(timer);
            timer = NO_TIMER;
        }
    }
}

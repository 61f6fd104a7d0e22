package dev.pointsman.balancer.downstream.http1;

import dev.pointsman.balancer.downstream.DownstreamContext;
import dev.pointsman.balancer.loop.TimeoutTicker;
import java.time.Duration;

/**
 * The timers of a client's connection: of a request's head, counted from the connection's start or from the head's
 * first byte; of a body that is read after the response to it; and of silence. The connection notifies them of events,
 * and checks them at every tick.
 */
final class ConnectionTimers {
    /** The time for which the rest of a body is read and discarded after a response that did not wait for it. */
    private static final long UNREAD_BODY_TIMEOUT = Duration.ofSeconds(5).toNanos();

    private static final long STOPPED = 0;

    private final TimeoutTicker ticker;
    private final DownstreamContext shared;
    private long lastActive;
    private long headSince;
    private boolean headBegun;
    private long bodyUnwantedSince = STOPPED;

    /** The part of the exchange that has timed out. */
    enum TimedOut {
        NOTHING,
        /** A head of which a part has arrived; the client gets a response. */
        HEAD,
        /** Anything else: there is no request to respond to. */
        CONNECTION
    }

    /** The timers of a connection that begins now, and with it the time for its first head. */
    ConnectionTimers(DownstreamContext shared) {
        this.ticker = shared.ticker();
        this.shared = shared;
        this.lastActive = ticker.now();
        this.headSince = lastActive;
    }

    /** The time now, in nanoseconds of the event loop's clock. */
    long now() {
        return ticker.now();
    }

    /** Notes that bytes went either way. */
    void recordActivity() {
        lastActive = ticker.now();
    }

    /** When something went either way for the last time, in nanoseconds of the event loop's clock. */
    long lastActive() {
        return lastActive;
    }

    /** Notes that bytes have arrived. */
    void bytesArrived(boolean midMessage) {
        lastActive = ticker.now();
        if (!midMessage) {
            headBegun = true;
            if (headSince == STOPPED) {
                headSince = lastActive;
            }
        }
    }

    /** Notes that all that has arrived is decoded, no message is under way, and no bytes are left. */
    void nothingLeft() {
        if (headBegun) {
            stopHead();
        }
    }

    /** Stops the time for a head: it is complete, or none is waited for. */
    void stopHead() {
        headSince = STOPPED;
        headBegun = false;
    }

    /**
     * Notes that a response has ended. A client that had to wait for it has the whole time for its next head from now
     * on.
     */
    void responseEnded() {
        lastActive = ticker.now();
        if (headSince != STOPPED) {
            headSince = lastActive;
        }
    }

    /**
     * Starts the time for an unwanted body: the response has ended, or was a rejection, and the rest is read only to be
     * discarded.
     */
    void startUnwantedBody() {
        bodyUnwantedSince = ticker.now();
    }

    /** Notes that a request has arrived whole. */
    void requestEnded() {
        bodyUnwantedSince = STOPPED;
    }

    /**
     * The part of the exchange that has timed out.
     *
     * @param pending whether the client waits for a response, and so has no head to send
     */
    TimedOut check(long now, boolean pending) {
        if (!pending
                && headSince != STOPPED
                && now - headSince > shared.rules().limits().head().toNanos()) {
            return headBegun ? TimedOut.HEAD : TimedOut.CONNECTION;
        }
        boolean unwanted = bodyUnwantedSince != STOPPED && now - bodyUnwantedSince > UNREAD_BODY_TIMEOUT;
        boolean idle = now - lastActive > shared.rules().limits().idle().toNanos();
        return unwanted || idle ? TimedOut.CONNECTION : TimedOut.NOTHING;
    }
}

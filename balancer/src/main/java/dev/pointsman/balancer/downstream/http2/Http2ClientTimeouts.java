package dev.pointsman.balancer.downstream.http2;

import dev.pointsman.balancer.downstream.DownstreamContext;
import dev.pointsman.balancer.loop.TimeoutTicker;
import java.time.Duration;

/**
 * The check of the times of a client's connection in HTTP/2, at every tick of its event loop: of heads that begin and do not end,
 * of SETTINGS that are not acknowledged, of silence on streams and on the connection, and of the steps of a drain.
 */
final class Http2ClientTimeouts extends TimeoutTicker.Watched {
    /** The longest wait for the answer to the PING of a drain. */
    private static final long ROUND_TRIP = Duration.ofSeconds(1).toNanos();

    private final Http2ClientConnection connection;
    private final FloodGuard guard;
    private final DownstreamContext shared;
    private final long since;
    private long lastActive;
    private long leavingSince;

    Http2ClientTimeouts(Http2ClientConnection connection, FloodGuard guard, DownstreamContext shared) {
        this.connection = connection;
        this.guard = guard;
        this.shared = shared;
        this.since = shared.ticker().now();
        this.lastActive = since;
    }

    void recordActivity() {
        lastActive = shared.ticker().now();
    }

    @Override
    protected void check(long now) {
        long head = shared.rules().limits().head().toNanos();
        long idle = shared.rules().limits().idle().toNanos();
        if (connection.isClosing()) {
            connection.checkLingering(now);
        } else if (guard.isSectionOverdue(now, head)
                || (guard.scan().isInPreface() && now - since > head)
                || (connection.streams().count() == 0 && now - lastActive > idle)) {
            connection.close();
        } else if (!connection.incoming().areSettingsAcknowledged() && now - since > head) {
            connection.settingsOverdue();
        } else {
            connection.streams().resetSilent(now, idle);
            drain(now);
        }
    }

    private void drain(long now) {
        if (connection.state() == Http2ClientConnection.Http2ClientState.SERVING
                && shared.drain().isDraining()) {
            leavingSince = now;
            connection.leave();
        } else if (connection.state() == Http2ClientConnection.Http2ClientState.LEAVING
                && now - leavingSince > ROUND_TRIP) {
            connection.last();
        }
    }
}

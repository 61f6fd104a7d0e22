package dev.pointsman.balancer.upstream.http2;

import dev.pointsman.balancer.loop.TimeoutTicker;
import dev.pointsman.balancer.upstream.ConnectionOptions;
import java.time.Duration;

/**
 * The timeouts of one connection and of the streams on it. Notifies the connection; decides nothing.
 *
 * <p>A PING is sent only where a response is overdue, as servers of gRPC close a connection that is asked too often.
 */
final class Http2UpstreamTimeouts extends TimeoutTicker.Watched {
    /** How long a connection without a stream is kept: its server says so by GOAWAY when it closes it, so it need not be short. */
    static final long KEPT_NANOS = Duration.ofSeconds(60).toNanos();

    /** Within this time from a byte of the upstream's it need not be asked whether it is there. */
    private static final long LATELY_NANOS = Duration.ofSeconds(1).toNanos();

    private final Http2UpstreamConnection connection;
    private final TimeoutTicker ticker;
    private final long silenceNanos;
    private final long connectNanos;
    private long lastActive;
    private long lastReceived;
    private long askedAt;

    Http2UpstreamTimeouts(Http2UpstreamConnection connection, TimeoutTicker ticker, ConnectionOptions options) {
        this.connection = connection;
        this.ticker = ticker;
        this.silenceNanos = options.idle().toNanos();
        this.connectNanos = options.connect().toNanos();
    }

    void start() {
        recordActivity();
        ticker.add(this);
    }

    void stop() {
        ticker.remove(this);
    }

    /** Notes that the connection was of use. */
    void recordActivity() {
        lastActive = ticker.now();
    }

    /** Notes that something came. */
    void recordReceived() {
        lastReceived = ticker.now();
    }

    /** Whether something came a moment ago. */
    boolean hasReceivedLately() {
        return ticker.now() - lastReceived < LATELY_NANOS;
    }

    /** Notes that the upstream was asked whether it is there. */
    void asked() {
        askedAt = ticker.now();
    }

    @Override
    protected void check(long now) {
        if (connection.isOpening()) {
            if (now - lastActive > connectNanos) {
                connection.openingTimedOut();
            }
        } else if (connection.isDoubted() && now - askedAt > connectNanos) {
            connection.unanswered();
        } else if (!connection.isIdle()) {
            connection.streams().check(now, silenceNanos);
        } else if (now - lastActive > KEPT_NANOS) {
            connection.close();
        }
    }
}

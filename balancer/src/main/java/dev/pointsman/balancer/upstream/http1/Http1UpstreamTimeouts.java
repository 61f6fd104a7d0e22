package dev.pointsman.balancer.upstream.http1;

import dev.pointsman.balancer.loop.TimeoutTicker;
import dev.pointsman.balancer.upstream.ConnectionOptions;

/**
 * The timeouts of one connection to an instance: idle for too long, silent during a request, and without the head of a
 * response. Notifies the connection; decides nothing.
 */
final class Http1UpstreamTimeouts extends TimeoutTicker.Watched {
    private static final long NONE = 0;

    private final Http1UpstreamConnection connection;
    private final TimeoutTicker ticker;
    private final long silenceNanos;
    private long lastActive;
    private long responseDeadline = NONE;
    private long keepAliveNanos;

    Http1UpstreamTimeouts(Http1UpstreamConnection connection, TimeoutTicker ticker, ConnectionOptions options) {
        this.connection = connection;
        this.ticker = ticker;
        this.silenceNanos = options.idle().toNanos();
    }

    void start() {
        recordActivity();
        ticker.add(this);
    }

    void stop() {
        ticker.remove(this);
    }

    /** Notes that bytes came or went. */
    void recordActivity() {
        lastActive = ticker.now();
    }

    /** Whether no byte has come or gone for so many nanoseconds. */
    boolean isSilentFor(long nanos) {
        return ticker.now() - lastActive >= nanos;
    }

    void requestBegan() {
        recordActivity();
        responseDeadline = NONE;
    }

    void awaitResponse(long nanos) {
        responseDeadline = ticker.now() + nanos;
    }

    void responseBegan() {
        responseDeadline = NONE;
    }

    /** Sets for how long the connection may be idle before it is closed; 0 if it cannot be used again. */
    void keepFor(long nanos) {
        keepAliveNanos = nanos;
    }

    boolean keepsAlive() {
        return keepAliveNanos > 0;
    }

    @Override
    protected void check(long now) {
        if (connection.isIdle()) {
            if (now - lastActive > keepAliveNanos) {
                connection.close();
            }
        } else if (now - lastActive > silenceNanos) {
            connection.silent();
        } else if (responseDeadline != NONE && now - responseDeadline > 0) {
            responseDeadline = NONE;
            connection.responseTimedOut();
        }
    }
}

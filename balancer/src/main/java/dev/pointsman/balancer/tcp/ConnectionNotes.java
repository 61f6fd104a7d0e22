package dev.pointsman.balancer.tcp;

import dev.pointsman.balancer.loop.TimeoutTicker;
import dev.pointsman.balancer.observe.ObservedConnection.ConnectionTimes;
import org.jspecify.annotations.Nullable;

/** The times of one connection, as they are noted while it lasts. All in nanoseconds of the loop's clock. For its event loop. */
final class ConnectionNotes {
    private static final long NEVER = -1;

    private final TimeoutTicker clock;
    private final long began;
    private long waitBegan;
    private boolean waits;
    private long waited;
    private long connectBegan;
    private boolean connects;
    private long connecting;
    private int attempts;

    /** Those of a connection that begins now. */
    ConnectionNotes(TimeoutTicker clock) {
        this.clock = clock;
        this.began = clock.now();
    }

    long began() {
        return began;
    }

    void waitBegins() {
        waits = true;
        waitBegan = clock.now();
    }

    /** May be called without a wait. */
    void waitEnds() {
        if (waits) {
            waits = false;
            waited += clock.now() - waitBegan;
        }
    }

    void connectBegins() {
        attempts++;
        connects = true;
        connectBegan = clock.now();
    }

    /** May be called without one. */
    void connectEnds() {
        if (connects) {
            connects = false;
            connecting += clock.now() - connectBegan;
        }
    }

    /** How many instances were tried. */
    int attempts() {
        return attempts;
    }

    /**
     * The times of a connection that ends now.
     *
     * @param relay null if it has not come so far
     */
    ConnectionTimes ended(@Nullable Relay relay) {
        waitEnds();
        connectEnds();
        long first = relay != null && relay.hasAnswered() ? relay.answeredAt() - began : NEVER;
        return new ConnectionTimes(clock.now() - began, waited, connecting, first);
    }
}

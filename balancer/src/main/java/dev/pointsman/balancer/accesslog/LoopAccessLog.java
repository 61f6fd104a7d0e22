package dev.pointsman.balancer.accesslog;

import dev.pointsman.balancer.observe.ObservedAttempt;
import dev.pointsman.balancer.observe.ObservedConnection;
import dev.pointsman.balancer.observe.ObservedRequest;
import dev.pointsman.balancer.observe.RequestObserver;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The part of an access log that one event loop has: makes the lines of its requests while these can still be looked at. What
 * changes while a request is under way counts for its line, too. For that loop.
 */
public final class LoopAccessLog implements RequestObserver {
    private final AccessLog log;
    private final Line line = new Line();
    private @Nullable LineFormat format;
    private @Nullable LogRing ring;

    LoopAccessLog(AccessLog log) {
        this.log = log;
    }

    /** Logs from now on in this form, to a destination that is {@linkplain AccessLog#open open}. */
    public void logTo(LogDestination destination, LineFormat inFormat) {
        LogRing before = ring;
        if (before == null || !before.file().destination().equals(destination)) {
            stop();
            ring = log.ringTo(destination);
        }
        format = inFormat;
    }

    /** Logs nothing from now on. */
    public void stop() {
        LogRing before = ring;
        if (before != null) {
            before.lines().finish();
        }
        ring = null;
    }

    @Override
    public void attemptEnded(ObservedAttempt attempt) {
        // A line is about a request with all its attempts.
    }

    @Override
    public void requestEnded(ObservedRequest request) {
        write(by -> by.write(line, request));
    }

    @Override
    public void connectionEnded(ObservedConnection connection) {
        write(by -> by.write(line, connection));
    }

    private void write(Consumer<LineFormat> written) {
        LogRing to = ring;
        LineFormat inForce = format;
        if (to == null || inForce == null) {
            return;
        }
        line.begin(log.nowMillis());
        written.accept(inForce);
        line.end();
        log.offer(to, line);
    }
}

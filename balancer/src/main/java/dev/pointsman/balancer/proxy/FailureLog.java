package dev.pointsman.balancer.proxy;

import dev.pointsman.balancer.observe.LogField;
import dev.pointsman.balancer.resilience.FailureKind;
import dev.pointsman.balancer.tls.TlsFailedException;
import dev.pointsman.balancer.upstream.BadResponseException;
import dev.pointsman.pool.Upstream;
import dev.pointsman.registry.OneLine;
import java.time.Duration;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log of requests that could not be served, with the reason, without drowning the log when a whole service is down:
 * at most {@value #PER_SECOND} lines a second, then how many there were besides. For one event loop.
 */
final class FailureLog {
    static final int PER_SECOND = 10;

    private static final Logger log = LoggerFactory.getLogger(FailureLog.class);
    private static final long WINDOW = Duration.ofSeconds(1).toNanos();

    /** The time between two lines about a shortage of this process's own, which concerns all requests alike. */
    private static final Duration SHORTAGE_WINDOW = Duration.ofSeconds(10);

    private static final Duration MISTAKE_WINDOW = Duration.ofMinutes(1);

    private final LongSupplier nanoTime;
    private long windowStart;
    private int inWindow;
    private long shortageLogged;
    private int shortRequests;
    private long tlsLogged;

    FailureLog(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.windowStart = nanoTime.getAsLong();
        this.shortageLogged = windowStart - SHORTAGE_WINDOW.toNanos();
        this.tlsLogged = windowStart - MISTAKE_WINDOW.toNanos();
    }

    /**
     * Logs a request that was tried, and was not served by an upstream.
     *
     * @param cause of the last failure, where it is known
     */
    void requestFailed(
            RoutedRequest request, FailureKind kind, int attempts, Upstream last, @Nullable Throwable cause) {
        if (kind.attempt().isOwnShortage()) {
            ownShortage(kind);
        } else if (mayLog()) {
            log.warn(
                    "{} (request {}): {} after {} attempt(s), the last at {}{}",
                    request,
                    LogField.requestId(request.id()),
                    kind.sentence(),
                    attempts,
                    last,
                    cause != null && saysMore(cause)
                            ? " (" + OneLine.of(String.valueOf(cause.getMessage())) + ")"
                            : "");
        }
    }

    /** Whether it says more than its kind: what is wrong with a certificate or a response, or the alert that came. */
    private static boolean saysMore(Throwable cause) {
        return cause instanceof TlsFailedException
                || cause instanceof SSLException
                || cause instanceof BadResponseException;
    }

    /** Logs a request that was not tried, as its service is at its limit. */
    void requestRejected(RoutedRequest request, FailureKind kind) {
        if (mayLog()) {
            log.warn("{} (request {}): {}", request, LogField.requestId(request.id()), kind.sentence());
        }
    }

    /** Logs a response that had begun and will never be complete. */
    void responseAborted(RoutedRequest request, FailureKind kind, Upstream upstream, Throwable cause) {
        if (mayLog()) {
            log.warn(
                    "{} (request {}): the response broke off midway: {}, {} ({})",
                    request,
                    LogField.requestId(request.id()),
                    upstream,
                    kind.code(),
                    OneLine.of(cause.toString()));
        }
    }

    /** Logs a connection that was refused because it began with TLS on a port without. */
    void tlsInClearText(String client) {
        long now = nanoTime.getAsLong();
        if (now - tlsLogged >= MISTAKE_WINDOW.toNanos()) {
            tlsLogged = now;
            log.warn(
                    "{} speaks TLS on a port in clear text, and gets 400: it should come by http, or to a port that listens"
                            + " with TLS (said every {} s at most)",
                    client,
                    MISTAKE_WINDOW.toSeconds());
        }
    }

    private void ownShortage(FailureKind kind) {
        shortRequests++;
        long now = nanoTime.getAsLong();
        if (now - shortageLogged >= SHORTAGE_WINDOW.toNanos()) {
            log.warn(
                    "{}: {} request(s) got {} for it, and no instance is blamed (said every {} s at most)",
                    kind.sentence(),
                    shortRequests,
                    kind.status(),
                    SHORTAGE_WINDOW.toSeconds());
            shortageLogged = now;
            shortRequests = 0;
        }
    }

    private boolean mayLog() {
        long now = nanoTime.getAsLong();
        if (now - windowStart >= WINDOW) {
            if (inWindow > PER_SECOND) {
                log.warn("... and {} more requests like these that could not be served", inWindow - PER_SECOND);
            }
            windowStart = now;
            inWindow = 0;
        }
        inWindow++;
        return inWindow <= PER_SECOND;
    }
}

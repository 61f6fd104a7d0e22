package dev.pointsman.client.internal.resolve;

import dev.pointsman.client.internal.call.AttemptFailures;
import dev.pointsman.pool.Attempt;
import dev.pointsman.pool.Outcome;
import dev.pointsman.pool.Upstream;
import io.vertx.core.VertxException;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.StreamResetException;
import io.vertx.core.impl.NoStackTraceThrowable;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One request of Vert.x's client to an upstream, counted as an attempt from its beginning on: the wait for a connection is part
 * of it. Vert.x reports what becomes of it on several threads, and some of it more than once. Thread-safe.
 */
final class Interaction {
    /** How far it has come. */
    private enum Stage {
        UNSENT,
        /** Nothing was heard of it for so long that it does not count any more; it may still be sent. */
        FORGOTTEN,
        SENT,
        RESPONDED,
        OVER
    }

    /** Vert.x's words for the end of a stream of HTTP/2, whoever ended it and why. */
    private static final String STREAM_CLOSED = "Stream was closed";

    private final Upstream upstream;
    private final long began;
    private Attempt attempt;
    private Stage stage = Stage.UNSENT;

    /** Begins. Since the pick, another thread may have taken the upstream's last room: it is exceeded then. */
    Interaction(Upstream upstream, long now) {
        this.upstream = upstream;
        this.began = now;
        this.attempt = begin(upstream);
    }

    private static Attempt begin(Upstream upstream) {
        @Nullable Attempt within = upstream.tryBegin();
        return within == null ? upstream.begin() : within;
    }

    long began() {
        return began;
    }

    /** It is about to be written to a connection. */
    synchronized void sent() {
        recall();
        if (stage == Stage.UNSENT) {
            stage = Stage.SENT;
        }
    }

    /** Ends what it counts as, if it was not sent yet. Returns whether that was so. */
    synchronized boolean forgotten() {
        if (stage != Stage.UNSENT) {
            return false;
        }
        stage = Stage.FORGOTTEN;
        attempt.end(Outcome.NOT_TRIED);
        return true;
    }

    private void recall() {
        if (stage == Stage.FORGOTTEN) {
            stage = Stage.UNSENT;
            attempt = begin(upstream);
        }
    }

    /** The head of the response is there; which status it has is not reported. */
    synchronized void responded() {
        if (stage == Stage.SENT) {
            stage = Stage.RESPONDED;
            attempt.responseBegan(Outcome.RESPONDED);
        }
    }

    /** The response is there whole. */
    synchronized void ended() {
        end(Outcome.RESPONDED);
    }

    synchronized void failed(Throwable cause) {
        recall();
        end(stage == Stage.UNSENT ? outcomeUnsent(cause) : outcomeSent(cause));
    }

    @SuppressWarnings("removal") // It is what this version of Vert.x throws.
    private static Outcome outcomeUnsent(Throwable cause) {
        if (cause instanceof TimeoutException) {
            // The upstream's fault where the connection hangs, and not where all connections were in use.
            return Outcome.UNDECIDED;
        }
        // The caller's own doing, an idle connection's end, or that of the HTTP client, whose pool is closed.
        if (cause instanceof StreamResetException
                || cause instanceof VertxException
                || cause instanceof NoStackTraceThrowable) {
            return Outcome.NOT_TRIED;
        }
        return AttemptFailures.ofConnecting(cause).blame();
    }

    private static Outcome outcomeSent(Throwable cause) {
        // By the caller or by the upstream: of HTTP/2, Vert.x says no more than this, and of HTTP/1.1 it is the caller.
        if (cause instanceof StreamResetException
                || (cause instanceof HttpClosedException && STREAM_CLOSED.equals(cause.getMessage()))) {
            return Outcome.UNDECIDED;
        }
        return AttemptFailures.ofWaiting(cause, false, true).blame();
    }

    private void end(Outcome outcome) {
        if (stage != Stage.OVER) {
            stage = Stage.OVER;
            attempt.end(outcome);
        }
    }
}

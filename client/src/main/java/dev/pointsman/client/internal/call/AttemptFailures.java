package dev.pointsman.client.internal.call;

import dev.pointsman.retry.AttemptFailure;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.DecoderException;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.StreamResetException;
import java.io.IOException;
import java.net.BindException;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The mapping of Vert.x's exceptions to kinds of failures, and the sentence of each kind. The only place that looks at their types. */
public final class AttemptFailures {
    /** The operating system's words for EMFILE and ENFILE, ENOBUFS and ENOMEM, which the JDK passes on as text alone. */
    private static final List<String> SHORTAGES =
            List.of("Too many open files", "No buffer space available", "Cannot allocate memory");

    private AttemptFailures() {}

    /** The kind of a failure to get a connection. */
    public static AttemptFailure ofConnecting(Throwable cause) {
        // A TimeoutException: all connections to the instance were in use for too long.
        if (isShortage(cause) || cause instanceof ConnectionPoolTooBusyException || cause instanceof TimeoutException) {
            return AttemptFailure.OWN_SHORTAGE;
        }
        if (cause instanceof BindException) {
            return AttemptFailure.NO_LOCAL_PORT;
        }
        return cause instanceof ConnectTimeoutException
                ? AttemptFailure.CONNECT_TIMEOUT
                : AttemptFailure.CONNECT_FAILED;
    }

    /**
     * The kind of a failure to get a response.
     *
     * @param reused whether the connection had carried another request before
     * @param sent whether anything of the request was sent
     */
    public static AttemptFailure ofWaiting(Throwable cause, boolean reused, boolean sent) {
        if (isShortage(cause)) {
            return AttemptFailure.OWN_SHORTAGE;
        }
        if (!sent) {
            return AttemptFailure.STALE_BEFORE_SENT;
        }
        if (cause instanceof TimeoutException) {
            return AttemptFailure.RESPONSE_TIMEOUT;
        }
        if (cause instanceof DecoderException || (!(cause instanceof IOException) && !isClosed(cause))) {
            return AttemptFailure.BAD_RESPONSE;
        }
        return reused ? AttemptFailure.STALE_CONNECTION : AttemptFailure.BROKEN_RESPONSE;
    }

    private static boolean isClosed(Throwable cause) {
        return cause instanceof HttpClosedException || cause instanceof StreamResetException;
    }

    private static boolean isShortage(Throwable failure) {
        for (Throwable each = failure; each != null; each = causeOf(each)) {
            String message = String.valueOf(each.getMessage());
            if (each instanceof OutOfMemoryError || SHORTAGES.stream().anyMatch(message::contains)) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable Throwable causeOf(Throwable failure) {
        Throwable cause = failure.getCause();
        return cause == failure ? null : cause;
    }

    /** What happened, as words that follow the service's name. */
    static String sentence(AttemptFailure kind) {
        return switch (kind) {
            case OF_THE_REQUEST -> "the request could not be sent";
            case OWN_SHORTAGE -> "this process is short of file descriptors, memory or connections right now";
            case NO_LOCAL_PORT -> "this machine has no local port left for a connection";
            case CONNECT_FAILED -> "could not be reached";
            case CONNECT_TIMEOUT -> "could not be reached in time";
            case BROKEN_RESPONSE -> "broke off before it responded";
            case STALE_CONNECTION -> "closed the connection before it responded";
            case STALE_BEFORE_SENT -> "closed the connection before it got the request";
            case NOT_PROCESSED -> "said that it has not processed the request";
            case BAD_RESPONSE -> "responded with something that is not valid HTTP";
            case RESPONSE_TIMEOUT -> "did not respond in time";
        };
    }
}

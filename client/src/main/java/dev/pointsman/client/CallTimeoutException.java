package dev.pointsman.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Thrown when no response began in the time that the call had: {@link CallTimeouts#response()}, or the request's own timeout. */
public final class CallTimeoutException extends ServiceCallException {
    private static final long serialVersionUID = 1;

    /** A call that took too long, see {@link ServiceCallException#ServiceCallException}. */
    public CallTimeoutException(String service, String sentence, List<String> tried, @Nullable Throwable cause) {
        super(service, sentence, tried, cause);
    }
}

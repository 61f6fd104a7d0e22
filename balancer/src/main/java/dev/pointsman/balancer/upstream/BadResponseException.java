package dev.pointsman.balancer.upstream;

import java.io.IOException;

/** What an upstream sent is not an answer that HTTP/1.1 knows, or not one that can be passed on without a guess. */
public final class BadResponseException extends IOException {
    private static final long serialVersionUID = 1;

    public BadResponseException(String what) {
        super(what);
    }

    BadResponseException(Throwable cause) {
        super(cause.getMessage(), cause);
    }
}

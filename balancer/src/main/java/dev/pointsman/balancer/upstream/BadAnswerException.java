package dev.pointsman.balancer.upstream;

import java.io.IOException;

/** What an upstream sent is not an answer that HTTP/1.1 knows, or not one that can be passed on without a guess. */
public final class BadAnswerException extends IOException {
    private static final long serialVersionUID = 1;

    public BadAnswerException(String what) {
        super(what);
    }

    BadAnswerException(Throwable cause) {
        super(cause.getMessage(), cause);
    }
}

package dev.pointsman.balancer.upstream;

import java.io.IOException;

/** Thrown when an upstream ended a stream before its response was complete (RFC 9113, 6.4). */
public final class StreamResetException extends IOException {
    private static final long serialVersionUID = 1;

    private final long code;

    /**
     * An exception for an error code.
     *
     * @param name the code's name, for people
     */
    public StreamResetException(long code, String name) {
        super("the stream was reset: " + name);
        this.code = code;
    }

    /** The error code (RFC 9113, 7). */
    public long code() {
        return code;
    }
}

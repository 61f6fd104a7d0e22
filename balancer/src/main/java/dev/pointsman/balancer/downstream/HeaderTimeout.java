package dev.pointsman.balancer.downstream;

/** The timeout for a request's head, counted from the connection's start or from the head's first byte. */
final class HeaderTimeout {
    private static final long NOT_RUNNING = 0;

    private long since;
    private boolean bytes;

    /** @param start when the connection began, in nanoseconds of the loop's clock */
    HeaderTimeout(long start) {
        since = start;
    }

    /** Bytes have come, outside of any message. */
    void bytesArrived(long now) {
        bytes = true;
        if (since == NOT_RUNNING) {
            since = now;
        }
    }

    /** They were looked at, and nothing of them is left. */
    void nothingLeft() {
        if (bytes) {
            stop();
        }
    }

    /** The head is complete, or there is none. */
    void stop() {
        since = NOT_RUNNING;
        bytes = false;
    }

    /** A client that had to wait for an earlier response has the whole time from now on. */
    void restart(long now) {
        if (since != NOT_RUNNING) {
            since = now;
        }
    }

    boolean isExceeded(long now, long limit) {
        return since != NOT_RUNNING && now - since > limit;
    }

    /** Whether anything of a head has come. */
    boolean hasBytes() {
        return bytes;
    }
}

package dev.pointsman.balancer.downstream;

/** How long someone has been at a request's head: from the connection's start, or from the head's first octet. */
final class HeaderTimeout {
    private static final long NOT_RUNNING = 0;

    private long since;
    private boolean octets;

    /** @param start when the connection began, in nanoseconds of the loop's clock */
    HeaderTimeout(long start) {
        since = start;
    }

    /** Octets have come, outside of any message. */
    void octetsArrive(long now) {
        octets = true;
        if (since == NOT_RUNNING) {
            since = now;
        }
    }

    /** They were looked at, and nothing of them is left. */
    void nothingLeft() {
        if (octets) {
            stop();
        }
    }

    /** The head is complete, or there is none. */
    void stop() {
        since = NOT_RUNNING;
        octets = false;
    }

    /** Someone who had to wait for an earlier answer has as long as everyone from now on. */
    void startAgain(long now) {
        if (since != NOT_RUNNING) {
            since = now;
        }
    }

    boolean isOver(long now, long most) {
        return since != NOT_RUNNING && now - since > most;
    }

    /** Whether anything of a head has come. */
    boolean hasOctets() {
        return octets;
    }
}

package dev.pointsman.balancer.upstream.http2;

/** The times of one stream: when something last came or went, and until when its response has to begin. In nanoseconds. */
final class StreamTimes {
    private static final long NONE = 0;

    private long lastActive;
    private long responseDeadline = NONE;

    void began(long now) {
        lastActive = now;
        responseDeadline = NONE;
    }

    void active(long now) {
        lastActive = now;
    }

    void awaitResponse(long now, long nanos) {
        responseDeadline = now + nanos;
    }

    void responseBegan() {
        responseDeadline = NONE;
    }

    /** Whether nothing came or went for so long. */
    boolean isSilent(long now, long nanos) {
        return now - lastActive > nanos;
    }

    /** Whether the response should have begun by now. Asked once: the deadline is over then. */
    boolean isResponseOverdue(long now) {
        boolean overdue = responseDeadline != NONE && now - responseDeadline > 0;
        if (overdue) {
            responseDeadline = NONE;
        }
        return overdue;
    }
}

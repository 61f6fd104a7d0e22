package dev.pointsman.pool;

/** How an attempt ended, as far as it speaks for or against its upstream. */
public enum Outcome {
    /** The upstream answered whole, with a status below 500. */
    ANSWERED(false, "answered"),
    /** The upstream answered whole, with a 5xx; counts against it only where that was asked for. */
    ERROR_STATUS(false, "answered with a server error"),
    /** No connection stood: it was refused, there was no way, or it took too long. Nothing was sent. */
    CONNECT_FAILED(true, "could not be reached"),
    /** The connection broke, or what came was not HTTP, before the answer was whole. */
    BROKEN(true, "broke off"),
    /** The answer did not begin in time. */
    TIMED_OUT(true, "was too slow"),
    /** The attempt ended for a reason that says nothing about the upstream: the client left. */
    UNDECIDED(false, "ended without a verdict");

    private final boolean failure;
    private final String words;

    Outcome(boolean failure, String words) {
        this.failure = failure;
        this.words = words;
    }

    /** The outcome of an answer that came whole. */
    public static Outcome ofStatus(int status) {
        return status >= 500 ? ERROR_STATUS : ANSWERED;
    }

    /** Whether the upstream gave no whole answer, by its own fault. */
    public boolean isFailure() {
        return failure;
    }

    /** What the upstream did, to go after its name in a sentence. */
    String words() {
        return words;
    }
}

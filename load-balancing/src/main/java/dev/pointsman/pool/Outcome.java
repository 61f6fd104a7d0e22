package dev.pointsman.pool;

/** The way an attempt ended, as far as it counts for or against its upstream. */
public enum Outcome {
    /** A complete response arrived, with a status below 500. */
    RESPONDED(false, "responded"),
    /** A complete response arrived, with a 5xx status; counts against the upstream only if so configured. */
    ERROR_STATUS(false, "responded with a server error"),
    /** The connection failed: it was refused, there was no route, or it took too long. Nothing was sent. */
    CONNECT_FAILED(true, "could not be reached"),
    /** The connection broke, or what arrived was not HTTP, before the response was complete. */
    BROKEN(true, "broke off"),
    /** The response did not begin in time. */
    TIMED_OUT(true, "was too slow"),
    /** The attempt ended for a reason that says nothing about the upstream, as when the client left. */
    UNDECIDED(false, "ended without a verdict"),
    /** The upstream was not asked at all, as this process fell short of something that an attempt needs. */
    NOT_TRIED(false, "was not asked");

    private final boolean failure;
    private final String words;

    Outcome(boolean failure, String words) {
        this.failure = failure;
        this.words = words;
    }

    /** The outcome of a complete response. */
    public static Outcome ofStatus(int status) {
        return status >= 500 ? ERROR_STATUS : RESPONDED;
    }

    /** Whether no complete response arrived, by the fault of the upstream. */
    public boolean isFailure() {
        return failure;
    }

    /** Whether the request was not served as it should have been: a failure, or a 5xx status. */
    public boolean isError() {
        return failure || this == ERROR_STATUS;
    }

    /** Whether it says anything about the upstream. */
    public boolean isVerdict() {
        return this != UNDECIDED && this != NOT_TRIED;
    }

    /** The outcome as words that follow the name of the upstream in a sentence. */
    String words() {
        return words;
    }
}

package dev.pointsman.canary;

/**
 * Something that happened to a canary.
 *
 * @param target the tag or service name of its pool
 * @param version what is on trial
 * @param kind what happened
 * @param share of the users that it gets now, as it is written: {@code 5%}
 * @param reason why, in one sentence; empty when there is nothing to add
 */
public record CanaryEvent(String target, String version, CanaryEventKind kind, String share, String reason) {
    /** The kinds of events. */
    public enum CanaryEventKind {
        /** Its first instance with these tags was listed. */
        STARTED,
        /** Its share is another one, by its tags or its ramp. */
        SHARE,
        /** It did worse than the others, and gets no users any more. */
        ABORTED,
        /** Somebody gave it another chance. */
        READMITTED,
        /** No instance has these tags any more. */
        LEFT
    }
}

package dev.pointsman.launcher.drain;

/** What came of asking one balancer about one instance. */
public sealed interface Reply {
    /**
     * An answer.
     *
     * @param known whether any of its pools has the instance
     * @param acceptsNew whether it may pick it for a request
     * @param inFlight how many requests it has under way there
     */
    record Answer(boolean known, boolean acceptsNew, int inFlight) implements Reply {}

    /**
     * It is there and cannot be asked: it is older than the protocol.
     */
    record TooOld() implements Reply {}

    /**
     * No answer, or none that could be understood.
     *
     * @param why as the end of a sentence
     */
    record Silence(String why) implements Reply {}
}

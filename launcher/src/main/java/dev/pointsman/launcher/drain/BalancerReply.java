package dev.pointsman.launcher.drain;

/** The outcome of asking one balancer about one instance. */
public sealed interface BalancerReply {
    /**
     * A reply with the use of the instance.
     *
     * @param known whether any of its pools has the instance
     * @param acceptsNew whether it may pick it for a request
     * @param inFlight how many requests it has in flight there
     */
    record InstanceUse(boolean known, boolean acceptsNew, int inFlight) implements BalancerReply {}

    /**
     * The balancer is older than the protocol and cannot be asked.
     */
    record TooOld() implements BalancerReply {}

    /**
     * The lack of a reply, or a reply that could not be understood.
     *
     * @param why as the end of a sentence
     */
    record NoReply(String why) implements BalancerReply {}
}

package dev.pointsman.balancer.metrics;

/**
 * What was counted so far of the connections of a TCP route to a service. Immutable.
 *
 * @param open those that are open now
 * @param accepted all that there were
 * @param received bytes from clients
 * @param sent bytes to clients
 */
public record TcpCounts(long open, long accepted, long received, long sent) {
    /** Before the first one. */
    public static final TcpCounts NONE = new TcpCounts(0, 0, 0, 0);

    /** Both together. */
    public TcpCounts plus(TcpCounts more) {
        return new TcpCounts(open + more.open, accepted + more.accepted, received + more.received, sent + more.sent);
    }
}

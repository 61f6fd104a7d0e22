package dev.pointsman.balancer.upstream;

/** The receiver of a stream to an upstream. Called on the event loop. */
public interface StreamListener {
    void connected(UpstreamStream stream);

    /**
     * Called when there is none.
     *
     * @param cause a {@link NoChannelException} or {@link NoLocalPortException} where it is this process that falls short
     */
    void notConnected(Throwable cause);
}

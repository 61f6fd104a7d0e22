package dev.pointsman.balancer.downstream;

import io.netty.buffer.ByteBuf;

/** The receiver of what happens on a client's connection that has become a tunnel. */
public interface TunnelListener {
    /**
     * Takes bytes that the client has sent.
     *
     * @param bytes released by the listener
     */
    void fromClient(ByteBuf bytes);

    /** Called when the client takes more again, after {@link ClientConnection#isFull()}. */
    void clientWritable();

    /** Called when the client's connection has ended. */
    void clientClosed();
}

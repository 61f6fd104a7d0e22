package dev.pointsman.balancer.downstream;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** The address of the client at the other end of a connection, which a trusted proxy in between may have told. */
public final class ClientAddress {
    private static final AttributeKey<InetSocketAddress> TOLD = AttributeKey.valueOf("dev.pointsman.client-address");

    private static final AttributeKey<Boolean> UNKNOWN = AttributeKey.valueOf("dev.pointsman.client-unknown");

    private ClientAddress() {}

    /** Notes what a trusted proxy has told, before anything else is read. */
    public static void tell(Channel channel, InetSocketAddress client) {
        channel.attr(TOLD).set(client);
    }

    /**
     * Notes that a trusted proxy has passed on the connection of a client that it says nothing of. The proxy's own address counts, but what
     * is sent is the client's.
     */
    public static void tellUnknown(Channel channel) {
        channel.attr(UNKNOWN).set(Boolean.TRUE);
    }

    /** Whether the address is that of a proxy, and the client is another one. */
    static boolean isUnknown(Channel channel) {
        return Boolean.TRUE.equals(channel.attr(UNKNOWN).get());
    }

    /** The client's address; null if the connection has gone already. */
    static @Nullable SocketAddress of(Channel channel) {
        InetSocketAddress told = channel.attr(TOLD).get();
        return told == null ? channel.remoteAddress() : told;
    }
}

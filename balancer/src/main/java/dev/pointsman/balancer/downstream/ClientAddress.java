package dev.pointsman.balancer.downstream;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** The address of the client at the other end of a connection, which a trusted proxy in between may have told. */
public final class ClientAddress {
    private static final AttributeKey<InetSocketAddress> TOLD = AttributeKey.valueOf("dev.pointsman.client-address");

    private ClientAddress() {}

    /** Notes what a trusted proxy has told, before anything else is read. */
    public static void tell(Channel channel, InetSocketAddress client) {
        channel.attr(TOLD).set(client);
    }

    /** The client's address; null if the connection has gone already. */
    static @Nullable SocketAddress of(Channel channel) {
        InetSocketAddress told = channel.attr(TOLD).get();
        return told == null ? channel.remoteAddress() : told;
    }
}

package dev.pointsman.balancer.tcp;

import dev.pointsman.balancer.http.ProxyVersion;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A header of the PROXY protocol, as it is sent to an instance: who is connected to whom (HAProxy's proxy-protocol.txt, 2.1 and
 * 2.2). Where that cannot be said in one family of addresses it says that it is not known.
 */
final class ProxyHeader {
    private static final byte[] SIGNATURE = {0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A};
    private static final int PROXY_COMMAND = 0x21;
    private static final int TCP4 = 0x11;
    private static final int TCP6 = 0x21;
    private static final int PORTS = 4;

    private ProxyHeader() {}

    /**
     * The header's bytes.
     *
     * @param version not {@link ProxyVersion#OFF}
     * @param source the client's address; null where it is not known
     * @param destination the address that it connected to; null where it is not known
     */
    static ByteBuf of(
            ProxyVersion version, @Nullable InetSocketAddress source, @Nullable InetSocketAddress destination) {
        boolean known = source != null && destination != null && isSameFamily(source, destination);
        if (version == ProxyVersion.V1) {
            String line = known
                    ? "PROXY " + (isIpV4(source) ? "TCP4 " : "TCP6 ") + text(source) + " " + text(destination) + " "
                            + source.getPort() + " " + destination.getPort() + "\r\n"
                    : "PROXY UNKNOWN\r\n";
            return Unpooled.copiedBuffer(line, StandardCharsets.US_ASCII);
        }
        ByteBuf header = Unpooled.buffer(64).writeBytes(SIGNATURE).writeByte(PROXY_COMMAND);
        if (!known) {
            return header.writeByte(0).writeShort(0);
        }
        byte[] from = source.getAddress().getAddress();
        byte[] to = destination.getAddress().getAddress();
        return header.writeByte(isIpV4(source) ? TCP4 : TCP6)
                .writeShort(from.length + to.length + PORTS)
                .writeBytes(from)
                .writeBytes(to)
                .writeShort(source.getPort())
                .writeShort(destination.getPort());
    }

    private static boolean isSameFamily(InetSocketAddress one, InetSocketAddress other) {
        return isIpV4(one) == isIpV4(other);
    }

    private static boolean isIpV4(InetSocketAddress address) {
        return address.getAddress() instanceof Inet4Address;
    }

    private static String text(InetSocketAddress address) {
        InetAddress plain = address.getAddress();
        String text = plain.getHostAddress();
        int scope = plain instanceof Inet6Address ? text.indexOf('%') : -1;
        return scope < 0 ? text : text.substring(0, scope);
    }
}

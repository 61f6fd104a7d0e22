package dev.pointsman.agent;

import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.Collections;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The default addresses of a service: to listen on, and to register. */
public final class MachineAddress {
    static final String LOOPBACK = "127.0.0.1";
    private static final String EVERYWHERE = "0.0.0.0";

    private MachineAddress() {}

    /**
     * The address to listen on: the configured one, else loopback where the registry is on loopback too, else every
     * address.
     */
    static String listenOn(AgentOptions options) {
        if (options.host() != null) {
            return options.host();
        }
        return options.consul().isLoopback() ? LOOPBACK : EVERYWHERE;
    }

    /**
     * The address to register, in the order of {@link AgentOptions#advertise()}.
     *
     * @param machine finds this machine's own address, see {@link #firstIpv4}
     * @throws AgentException when there is no address to register
     */
    static String advertised(AgentOptions options, Supplier<Optional<String>> machine) {
        if (options.advertise() != null) {
            return options.advertise();
        }
        String host = listenOn(options);
        if (!isWildcard(host)) {
            return host;
        }
        if (options.consul().isLoopback()) {
            return LOOPBACK;
        }
        return machine.get()
                .orElseThrow(() -> new AgentException("This machine has no IPv4 address beside loopback to register at "
                        + options.consul().url() + "; name one with --advertise or "
                        + AgentOptions.ADVERTISE_VARIABLE + "."));
    }

    /**
     * The address to register for services on this machine, in the order of {@link AgentOptions#advertise()}. May look up a name,
     * and block for it.
     *
     * @throws AgentException when there is no address to register
     */
    public static String advertised(AgentOptions options) {
        return advertised(
                options,
                () -> towards(options.consul().host(), options.consul().port()).or(MachineAddress::firstIpv4));
    }

    static boolean isWildcard(String host) {
        byte @Nullable [] bytes = NetUtil.createByteArrayFromIpAddressString(host);
        if (bytes == null) {
            return false;
        }
        for (byte b : bytes) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * The IPv4 address from which the registry is reached: of several networks that a machine or container is in, the one that it
     * shares with others which are registered there. Nothing is sent for it.
     */
    static Optional<String> towards(String host, int port) {
        try (DatagramChannel channel = DatagramChannel.open(StandardProtocolFamily.INET)) {
            channel.connect(new InetSocketAddress(host, port));
            return channel.getLocalAddress() instanceof InetSocketAddress local && isOfTheMachine(local.getAddress())
                    ? Optional.of(local.getAddress().getHostAddress())
                    : Optional.empty();
        } catch (IOException | UnresolvedAddressException | UnsupportedAddressTypeException unreachable) {
            return Optional.empty();
        }
    }

    private static boolean isOfTheMachine(InetAddress address) {
        return address instanceof Inet4Address
                && !address.isAnyLocalAddress()
                && !address.isLoopbackAddress()
                && !address.isLinkLocalAddress();
    }

    /** The first IPv4 address, in the order of the interfaces, that is neither loopback nor link-local. */
    static Optional<String> firstIpv4() {
        try {
            return Collections.list(NetworkInterface.getNetworkInterfaces()).stream()
                    .sorted(Comparator.comparingInt(NetworkInterface::getIndex))
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(MachineAddress::isOfTheMachine)
                    .map(InetAddress::getHostAddress)
                    .findFirst();
        } catch (SocketException e) {
            throw new AgentException("This machine's network interfaces cannot be listed: " + e.getMessage(), e);
        }
    }
}

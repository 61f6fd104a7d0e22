package dev.pointsman.agent;

import io.netty.util.NetUtil;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
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
     * The address to register for services on this machine, in the order of {@link AgentOptions#advertise()}.
     *
     * @throws AgentException when there is no address to register
     */
    public static String advertised(AgentOptions options) {
        return advertised(options, MachineAddress::firstIpv4);
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

    /** The first IPv4 address, in the order of the interfaces, that is neither loopback nor link-local. */
    static Optional<String> firstIpv4() {
        try {
            return Collections.list(NetworkInterface.getNetworkInterfaces()).stream()
                    .sorted(Comparator.comparingInt(NetworkInterface::getIndex))
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> address instanceof Inet4Address
                            && !address.isLoopbackAddress()
                            && !address.isLinkLocalAddress())
                    .map(InetAddress::getHostAddress)
                    .findFirst();
        } catch (SocketException e) {
            throw new AgentException("This machine's network interfaces cannot be listed: " + e.getMessage(), e);
        }
    }
}

package dev.pointsman.cli.takeover;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/**
 * The address that a socket is bound to, as the kernel tells it: getsockname(2).
 *
 * @param address empty for a socket that has none
 */
record SocketName(Optional<InetAddress> address) {
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;

    /** The longest one that is looked for: a {@code sockaddr_in6}. */
    private static final int LONGEST = 28;

    static SocketName of(int descriptor) {
        try (Memory name = new Memory(LONGEST);
                Memory length = new Memory(4)) {
            name.clear();
            length.setInt(0, LONGEST);
            int unused = LinuxCalls.load().getsockname(descriptor, name, length);
            return new SocketName(
                    switch (name.getShort(0)) {
                        case AF_INET -> Optional.of(InetAddress.getByAddress(name.getByteArray(4, 4)));
                        // One that is mapped from IPv4 becomes that.
                        case AF_INET6 -> Optional.of(InetAddress.getByAddress(name.getByteArray(8, 16)));
                        default -> Optional.empty();
                    });
        } catch (LastErrorException | UnknownHostException none) {
            return new SocketName(Optional.empty());
        }
    }

    /** Whether it is bound to this address; the one for all addresses is the same in both families. */
    boolean isOf(InetAddress other) {
        return address.filter(own -> own.equals(other) || (own.isAnyLocalAddress() && other.isAnyLocalAddress()))
                .isPresent();
    }
}

package dev.pointsman.balancer;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.pointsman.balancer.upstream.UpstreamRoom;
import java.lang.management.ManagementFactory;
import org.jspecify.annotations.Nullable;

/**
 * The division of the file descriptors that this process may have (RLIMIT_NOFILE, {@code ulimit -n}) among those who need
 * them. Each client's connection may need one to an instance; before both comes a reserve for what must go on when all of
 * them are used: the registry, the admin API, log files, and clients that are just being rejected.
 *
 * @param limit the descriptors that this process may have
 * @param reserve how many of them are for neither clients nor instances
 * @param wanted the clients' connections that were asked for
 * @param clients how many of them can be kept, with one to an instance for each
 * @param sockets of clients at a time, those that are being rejected included
 * @param upstreams connections to instances at a time, idle ones included
 */
public record DescriptorBudget(long limit, long reserve, int wanted, int clients, int sockets, int upstreams) {
    /** The reserve is an eighth of all descriptors, but within these bounds, beside what is open before the first client. */
    private static final int LEAST_RESERVE = 16;

    private static final int LARGEST_RESERVE = 512;

    /** The registry's client has at most this many connections, and two for most targets. */
    private static final int MOST_TO_REGISTRY = 100;

    /**
     * The budget of this process, by what it may have and has open now.
     *
     * @param targets how many are followed in the registry
     */
    static DescriptorBudget ofThisProcess(int wanted, int targets) {
        UnixOperatingSystemMXBean system = system();
        return system == null || system.getMaxFileDescriptorCount() < 0
                ? new DescriptorBudget(Long.MAX_VALUE, 0, wanted, wanted, Integer.MAX_VALUE, UpstreamRoom.ANY)
                : of(
                        system.getMaxFileDescriptorCount(),
                        Math.max(0, system.getOpenFileDescriptorCount()),
                        wanted,
                        targets);
    }

    /** Null where descriptors are not counted. */
    private static @Nullable UnixOperatingSystemMXBean system() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix ? unix : null;
    }

    public static DescriptorBudget of(long limit, long open, int wanted, int targets) {
        long spare = Math.max(LEAST_RESERVE, Math.min(limit / 8, LARGEST_RESERVE));
        long reserve = open + Math.min(MOST_TO_REGISTRY, 2L * targets) + spare;
        long left = Math.max(2, limit - reserve);
        int clients = (int) Math.min(wanted, left / 2);
        int upstreams = (int) Math.min(UpstreamRoom.ANY, left - clients);
        return new DescriptorBudget(limit, reserve, wanted, clients, (int) (clients + spare / 2), upstreams);
    }

    /** Whether fewer clients can be served at a time than were asked for. */
    public boolean isShort() {
        return clients < wanted;
    }

    /**
     * Whether fewer than half of the clients can be served that another process serves, for want of descriptors. A few more or less
     * are by chance: by what else is open.
     */
    boolean isShortBeside(int clientsOfOther) {
        return isShort() && 2L * clients < clientsOfOther;
    }

    @Override
    public String toString() {
        return wanted + " client connections need " + (reserve + 2L * wanted)
                + " file descriptors, and this process may have "
                + limit + " (ulimit -n): max-connections is lowered to " + clients
                + ", with a connection to an instance for"
                + " each; " + reserve + " are kept for the registry, the admin API and log files";
    }
}

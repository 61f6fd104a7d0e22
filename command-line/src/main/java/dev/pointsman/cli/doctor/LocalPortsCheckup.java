package dev.pointsman.cli.doctor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The range of ports that outgoing connections are given, see ip(7). Source: ADR 0021 (our own shortage), as a balancer that runs out of
 * them can open no connection to an instance; and ports to listen on that lie in that range, which now and then are taken at a start.
 */
final class LocalPortsCheckup implements Checkup {
    private static final String RANGE = "sys/net/ipv4/ip_local_port_range";
    private static final String RESERVED = "sys/net/ipv4/ip_local_reserved_ports";
    private static final Pattern PORTS = Pattern.compile("(\\d{1,5})\\s+(\\d{1,5})");

    private final MachineFolders machine;
    private final int clients;
    private final Map<String, Integer> listening;

    /**
     * A look at the range.
     *
     * @param clients connections of clients at a time: in the worst case each has one to the same instance
     * @param listening the ports to listen on, by the settings' keys; 0 for any
     */
    LocalPortsCheckup(MachineFolders machine, int clients, Map<String, Integer> listening) {
        this.machine = machine;
        this.clients = clients;
        this.listening = new TreeMap<>(listening);
    }

    @Override
    public List<Finding> findings() {
        String range = machine.text(RANGE);
        var ports = PORTS.matcher(range == null ? "" : range.strip());
        if (!ports.matches()) {
            return List.of();
        }
        int first = Integer.parseInt(ports.group(1));
        int last = Integer.parseInt(ports.group(2));
        List<Finding> found = new ArrayList<>();
        found.add(size(first, last));
        listening.forEach((key, port) -> {
            if (port >= first && port <= last && !isReserved(port)) {
                found.add(Finding.warning(
                        DoctorCheck.LOCAL_PORTS,
                        key + ": " + port,
                        "lies among the ports that outgoing connections are given (" + first + " to " + last + ")",
                        "now and then a start fails, because some connection of this machine has that port",
                        "take one below " + first + ", or add it to net.ipv4.ip_local_reserved_ports"));
            }
        });
        return found;
    }

    private Finding size(int first, int last) {
        int size = last - first + 1;
        String what = size + " ports for outgoing connections (" + first + " to " + last + ")";
        return size >= clients
                ? Finding.ok(DoctorCheck.LOCAL_PORTS, "net.ipv4.ip_local_port_range", what)
                : Finding.warning(
                        DoctorCheck.LOCAL_PORTS,
                        "net.ipv4.ip_local_port_range",
                        what + " and up to " + clients + " connections to one instance",
                        "when they are used up, requests get 503 (no-local-port)",
                        "sysctl -w net.ipv4.ip_local_port_range='10240 60999', or lower max-connections to " + size);
    }

    private boolean isReserved(int port) {
        @Nullable String reserved = machine.text(RESERVED);
        return reserved != null
                && Arrays.stream(reserved.strip().split(",", -1)).anyMatch(each -> {
                    String[] ends = each.strip().split("-", -1);
                    return Arrays.stream(ends).allMatch(end -> end.matches("\\d{1,5}"))
                            && port >= Integer.parseInt(ends[0])
                            && port <= Integer.parseInt(ends[ends.length - 1]);
                });
    }
}

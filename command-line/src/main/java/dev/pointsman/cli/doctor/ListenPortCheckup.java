package dev.pointsman.cli.doctor;

import dev.pointsman.agent.RegistrationFormat;
import dev.pointsman.launcher.process.PortHolder;
import dev.pointsman.launcher.process.PortHolder.HolderKind;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Whether the ports to listen on can be had, and who has them. Source: the balancer's own start ("address in use", "permission denied"), which
 * says that too, but only once somebody has stopped the old one. To find out, the port is bound for a moment without listening: nobody can
 * connect to it meanwhile.
 */
final class ListenPortCheckup implements Checkup {
    private static final String DENIED = "Permission denied";
    private static final int BIND_SERVICE = 10;
    private static final int USUAL_UNPRIVILEGED = 1024;

    private final MachineFolders machine;
    private final Map<String, InetSocketAddress> wanted;
    private final Function<InetSocketAddress, @Nullable String> binding;
    private final IntFunction<PortHolder> holders;
    private final BooleanSupplier hasBalancer;

    /**
     * A look at ports.
     *
     * @param wanted the addresses by the settings' keys, that of the admin API last
     * @param binding why an address cannot be bound; null if it can
     * @param holders who listens on a port
     * @param hasBalancer whether a balancer answers at the admin API of this configuration; may block
     */
    ListenPortCheckup(
            MachineFolders machine,
            Map<String, InetSocketAddress> wanted,
            Function<InetSocketAddress, @Nullable String> binding,
            IntFunction<PortHolder> holders,
            BooleanSupplier hasBalancer) {
        this.machine = machine;
        this.wanted = new LinkedHashMap<>(wanted);
        this.binding = binding;
        this.holders = holders;
        this.hasBalancer = hasBalancer;
    }

    @Override
    public List<Finding> findings() {
        List<Finding> found = new ArrayList<>();
        Map<String, String> failed = new LinkedHashMap<>();
        wanted.forEach((key, address) -> {
            String where = key + ": " + text(address);
            String why = address.getPort() == 0 ? null : binding.apply(address);
            if (address.isUnresolved()) {
                found.add(Finding.error(
                        DoctorCheck.LISTEN_PORT,
                        where,
                        "there is no host of that name",
                        "a balancer does not start",
                        "name an address of this machine"));
            } else if (why == null) {
                found.add(Finding.ok(
                        DoctorCheck.LISTEN_PORT, where, address.getPort() == 0 ? "any free port will do" : "is free"));
            } else {
                failed.put(key, why);
            }
        });
        boolean isRunning = !failed.isEmpty()
                && failed.entrySet().stream().noneMatch(each -> isPrivileged(each.getKey(), each.getValue()))
                && hasBalancer.getAsBoolean();
        failed.forEach((key, why) -> found.add(found(key, why, isRunning)));
        return found;
    }

    /** Why it cannot be bound; null if it can. */
    static @Nullable String failure(InetSocketAddress address) {
        if (address.isUnresolved()) {
            return null;
        }
        try (Socket socket = new Socket()) {
            // As servers have it: an old connection that waits for its last packets is no hindrance.
            socket.setReuseAddress(true);
            socket.bind(address);
            return null;
        } catch (IOException taken) {
            return String.valueOf(taken.getMessage());
        }
    }

    /** By the word of the kernel, or by what is known of it where another process has the port anyway. */
    private boolean isPrivileged(String key, String why) {
        long first = machine.number("sys/net/ipv4/ip_unprivileged_port_start");
        InetSocketAddress address = wanted.get(key);
        return why.startsWith(DENIED)
                || (address != null
                        && address.getPort() < (first < 0 ? USUAL_UNPRIVILEGED : first)
                        && !machine.hasCapability(BIND_SERVICE));
    }

    private Finding found(String key, String why, boolean isRunning) {
        InetSocketAddress address = wanted.get(key);
        int port = address == null ? 0 : address.getPort();
        String where = key + ": " + (address == null ? "" : text(address));
        if (isPrivileged(key, why)) {
            return Finding.error(
                    DoctorCheck.LISTEN_PORT,
                    where,
                    "is a privileged port, and this user may not listen on it",
                    "a balancer does not start",
                    "give it the capability (AmbientCapabilities=CAP_NET_BIND_SERVICE in a unit, --cap-add"
                            + " NET_BIND_SERVICE for a container), or listen on 8080 and redirect");
        }
        PortHolder holder = holders.apply(port);
        String by = holder.kind() == HolderKind.ANOTHER
                ? "taken by " + holder.name()
                : holder.kind() == HolderKind.NONE
                        ? "cannot be had: " + why
                        : "taken by a process that this user may not look into";
        if (isRunning && holder.kind() != HolderKind.NONE) {
            return Finding.ok(
                    DoctorCheck.LISTEN_PORT, where, by + "; a balancer answers at this configuration's admin API");
        }
        return Finding.error(
                DoctorCheck.LISTEN_PORT,
                where,
                by,
                "a balancer does not start",
                holder.kind() == HolderKind.NONE
                        ? "name an address of this machine"
                        : "stop that program, or set " + key + " to another port");
    }

    private static String text(InetSocketAddress address) {
        return RegistrationFormat.authority(address.getHostString(), address.getPort());
    }
}

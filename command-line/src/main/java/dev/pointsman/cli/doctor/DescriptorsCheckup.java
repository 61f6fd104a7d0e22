package dev.pointsman.cli.doctor;

import dev.pointsman.balancer.DescriptorBudget;
import java.util.List;

/**
 * Whether the file descriptors are enough for as many clients as are configured. Source: {@link DescriptorBudget}, which lowers
 * {@code max-connections} with a line of the log that is only read after clients were refused.
 */
final class DescriptorsCheckup implements Checkup {
    /** About what a balancer has open before its first client: the jar, libraries, sockets, event loops. */
    private static final int OPEN_AT_START = 60;

    private final MachineFolders machine;
    private final int clients;
    private final int targets;

    /**
     * A look at the limits of this process, which are those of what is started in the same way.
     *
     * @param clients connections of clients at a time, as configured
     * @param targets how many are followed in the registry
     */
    DescriptorsCheckup(MachineFolders machine, int clients, int targets) {
        this.machine = machine;
        this.clients = clients;
        this.targets = targets;
    }

    @Override
    public List<Finding> findings() {
        long hard = machine.descriptorLimit();
        String where = "ulimit -n";
        if (hard < 0) {
            return List.of(Finding.note(
                    DoctorCheck.DESCRIPTORS,
                    where,
                    "the limit of file descriptors is not known here",
                    "each client's connection takes two",
                    "see that it is above " + 2L * clients));
        }
        String limits = hard == Long.MAX_VALUE ? "unlimited" : Long.toString(hard);
        DescriptorBudget budget = DescriptorBudget.of(hard, OPEN_AT_START, clients, targets);
        if (!budget.isShort()) {
            return List.of(Finding.ok(
                    DoctorCheck.DESCRIPTORS, where, limits + ", enough for " + clients + " connections of clients"));
        }
        long needed = budget.reserve() + 2L * clients;
        return List.of(Finding.warning(
                DoctorCheck.DESCRIPTORS,
                where,
                limits + ", enough for " + budget.clients() + " connections of clients of " + clients,
                "a balancer that is started like this refuses the others with 503",
                "raise the hard limit to " + needed + ": LimitNOFILE=" + needed + " in a unit, --ulimit nofile="
                        + needed + " for a container, or lower max-connections"));
    }
}

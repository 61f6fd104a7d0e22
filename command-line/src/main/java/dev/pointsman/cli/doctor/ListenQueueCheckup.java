package dev.pointsman.cli.doctor;

import java.util.List;

/**
 * The longest queue of connections that wait to be accepted. Source: the kernel cuts what a balancer asks for (8192) to
 * {@code net.core.somaxconn}, which was 128 before Linux 5.4; a burst beyond it is dropped, and clients wait a second or more for their
 * next try.
 */
final class ListenQueueCheckup implements Checkup {
    private static final long FEW = 1024;

    private final MachineFolders machine;

    ListenQueueCheckup(MachineFolders machine) {
        this.machine = machine;
    }

    @Override
    public List<Finding> findings() {
        long most = machine.number("sys/net/core/somaxconn");
        if (most < 0) {
            return List.of();
        }
        String where = "net.core.somaxconn";
        return List.of(
                most >= FEW
                        ? Finding.ok(DoctorCheck.LISTEN_QUEUE, where, Long.toString(most))
                        : Finding.warning(
                                DoctorCheck.LISTEN_QUEUE,
                                where,
                                most + " connections may wait to be accepted",
                                "of a burst of more than that the rest is dropped, and tries again a second later",
                                "sysctl -w net.core.somaxconn=4096, and the same in /etc/sysctl.d"));
    }
}

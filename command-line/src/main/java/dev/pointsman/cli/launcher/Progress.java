package dev.pointsman.cli.launcher;

import dev.pointsman.launcher.InstanceStatus;
import dev.pointsman.launcher.InstanceStatus.State;
import dev.pointsman.launcher.ServicePlan;
import java.util.List;

/** How far a launcher is with what it was asked for. */
final class Progress {
    private final int instances;

    Progress(List<ServicePlan> plans) {
        this.instances = plans.stream().mapToInt(ServicePlan::instances).sum();
    }

    /** What to say when they are. */
    String allAreUp() {
        return instances == 1 ? "1 instance is up" : instances + " instances are up";
    }

    boolean allUp(List<InstanceStatus> list) {
        return list.stream().filter(each -> each.state() == State.RUNNING).count() >= instances;
    }

    static boolean anyGivenUp(List<InstanceStatus> list) {
        return list.stream().anyMatch(each -> each.state() == State.FAILED);
    }
}

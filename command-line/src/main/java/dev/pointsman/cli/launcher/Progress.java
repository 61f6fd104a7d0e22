package dev.pointsman.cli.launcher;

import dev.pointsman.launcher.api.InstanceStatus;
import dev.pointsman.launcher.api.InstanceStatus.InstanceState;
import dev.pointsman.launcher.plan.ServicePlan;
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
        return list.stream()
                        .filter(each -> each.state() == InstanceState.RUNNING)
                        .count()
                >= instances;
    }

    static boolean anyGivenUp(List<InstanceStatus> list) {
        return list.stream().anyMatch(each -> each.state() == InstanceState.FAILED);
    }
}

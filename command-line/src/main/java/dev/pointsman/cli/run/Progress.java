package dev.pointsman.cli.run;

import dev.pointsman.launcher.api.InstanceStatus;
import dev.pointsman.launcher.api.InstanceStatus.InstanceState;
import dev.pointsman.launcher.plan.ServicePlan;
import java.util.List;

/** The progress of a launcher's start: how many of the planned instances run. */
public final class Progress {
    private final int instances;

    /** The progress for these plans, with the number of instances that they ask for. */
    public Progress(List<ServicePlan> plans) {
        this.instances = plans.stream().mapToInt(ServicePlan::instances).sum();
    }

    /** The message when all instances are up. */
    public String allAreUp() {
        return instances == 1 ? "1 instance is up" : instances + " instances are up";
    }

    /** Whether as many instances run as were asked for. */
    public boolean allUp(List<InstanceStatus> list) {
        return list.stream()
                        .filter(each -> each.state() == InstanceState.RUNNING)
                        .count()
                >= instances;
    }

    /** Whether an instance was given up, or stays stopped because of its exit code, so that not all will be up. */
    public static boolean anyGivenUp(List<InstanceStatus> list) {
        return list.stream()
                .anyMatch(each -> each.state() == InstanceState.FAILED || each.state() == InstanceState.STOPPED);
    }
}

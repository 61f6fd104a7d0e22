package dev.pointsman.cli.run;

import dev.pointsman.launcher.api.InstanceStatus;
import dev.pointsman.launcher.api.InstanceStatus.InstanceState;
import dev.pointsman.launcher.plan.ServicePlan;
import java.util.List;

/** How far a launcher is with what it was asked for. */
public final class Progress {
    private final int instances;

    /** Counts what the plans want. */
    public Progress(List<ServicePlan> plans) {
        this.instances = plans.stream().mapToInt(ServicePlan::instances).sum();
    }

    /** What to say when they are. */
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

    /** Whether there is no hope for one. */
    public static boolean anyGivenUp(List<InstanceStatus> list) {
        return list.stream().anyMatch(each -> each.state() == InstanceState.FAILED);
    }
}

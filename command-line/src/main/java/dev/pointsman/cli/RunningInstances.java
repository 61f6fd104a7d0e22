package dev.pointsman.cli;

import dev.pointsman.launcher.api.InstanceStatus;
import dev.pointsman.launcher.control.ControlException;
import dev.pointsman.launcher.control.RunningLauncher;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The instances that a type's name or an id stands for. */
final class RunningInstances {
    private RunningInstances() {}

    /**
     * Those with a process, of a type or of all where none is named.
     *
     * @throws ControlException if there is none
     */
    static List<InstanceStatus> of(List<RunningLauncher> launchers, @Nullable String typeOrId) throws ControlException {
        List<InstanceStatus> running = launchers.stream()
                .flatMap(each -> each.instances().stream())
                .filter(each -> each.pid() != 0)
                .filter(each -> typeOrId == null
                        || each.type().equals(typeOrId)
                        || each.id().equals(typeOrId))
                .toList();
        if (running.isEmpty()) {
            throw new ControlException(
                    typeOrId == null ? "no instance runs" : "no instance of \"" + typeOrId + "\" runs");
        }
        return running;
    }
}

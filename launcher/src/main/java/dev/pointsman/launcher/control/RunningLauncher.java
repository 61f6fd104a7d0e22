package dev.pointsman.launcher.control;

import dev.pointsman.launcher.api.InstanceStatus;
import dev.pointsman.launcher.api.InstanceStatus.InstanceState;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A live launcher of the user, as it described itself.
 *
 * @param pid its process
 * @param socket where it can be asked
 * @param types the types that it has, also those without an instance
 * @param logs the folder where it keeps what instances print, or null for nowhere
 * @param instances its instances
 */
public record RunningLauncher(
        long pid, Path socket, List<String> types, @Nullable Path logs, List<InstanceStatus> instances) {
    public RunningLauncher {
        types = List.copyOf(types);
        instances = List.copyOf(instances);
    }

    /** How many instances of a type are to run: those that were stopped by hand are not, and one that is being replaced counts once. */
    public long wanted(String type) {
        Set<InstanceState> leaving = EnumSet.of(InstanceState.STOPPED, InstanceState.STOPPING, InstanceState.DRAINING);
        return instances.stream()
                .filter(each -> each.type().equals(type) && !leaving.contains(each.state()))
                .map(InstanceStatus::number)
                .distinct()
                .count();
    }

    /** Whether it has a type of this name, or an instance of this id. */
    public boolean has(String typeOrId) {
        return types.contains(typeOrId)
                || instances.stream()
                        .anyMatch(instance -> instance.id().equals(typeOrId)
                                || instance.type().equals(typeOrId));
    }
}

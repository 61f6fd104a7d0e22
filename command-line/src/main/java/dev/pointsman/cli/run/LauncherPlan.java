package dev.pointsman.cli.run;

import dev.pointsman.launcher.plan.ServicePlan;
import dev.pointsman.registry.consul.ConsulAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The plan of one launcher: everything that it runs, and the registry and address that it registers with.
 *
 * @param services no type twice
 * @param advertise the address that is registered, or null for this machine's, as the registry's address suggests
 */
public record LauncherPlan(
        List<ServicePlan> services,
        ConsulAddress registry,
        @Nullable String advertise) {
    /** Makes an immutable copy of the list. */
    public LauncherPlan {
        services = List.copyOf(services);
    }

    List<String> types() {
        return services.stream().map(ServicePlan::type).toList();
    }
}

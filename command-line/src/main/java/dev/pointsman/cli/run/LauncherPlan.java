package dev.pointsman.cli.run;

import dev.pointsman.launcher.plan.ServicePlan;
import dev.pointsman.registry.consul.ConsulAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that one launcher runs, and where it registers it.
 *
 * @param services no type twice
 * @param advertise the address that others are told to connect to, or null for the one that fits the registry's
 */
public record LauncherPlan(
        List<ServicePlan> services,
        ConsulAddress registry,
        @Nullable String advertise) {
    /** Copies the list. */
    public LauncherPlan {
        services = List.copyOf(services);
    }

    List<String> types() {
        return services.stream().map(ServicePlan::type).toList();
    }
}

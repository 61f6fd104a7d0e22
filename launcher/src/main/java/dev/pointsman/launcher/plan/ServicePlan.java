package dev.pointsman.launcher.plan;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The plan for the instances of one type. Immutable, and not checked here: the readers of files and command lines do that.
 *
 * @param type the service's name in the registry and its first tag, as {@code AgentOptions} allows it
 * @param command the program and its arguments, run without a shell; {@code {port}} in any of them is the instance's port
 * @param instances how many, from 0
 * @param env more environment variables beside the launcher's own
 * @param envFiles files with more of them, read at each start of an instance; see {@link EnvFile}
 * @param directory where it runs, or null for the launcher's own
 * @param healthPath the path that responds with 2xx when an instance is healthy, or null: that its port takes a connection is enough
 * @param tags more tags beside the type
 * @param meta more metadata
 * @param options the times and limits
 * @param watch folders whose changes reload the type; none by default
 * @param ignore patterns, relative to a watched folder, of what is no reason to reload
 * @param restart when its instances are started again
 * @param process what is agreed with its program
 */
public record ServicePlan(
        String type,
        List<String> command,
        int instances,
        Map<String, String> env,
        List<Path> envFiles,
        @Nullable Path directory,
        @Nullable String healthPath,
        List<String> tags,
        Map<String, String> meta,
        InstanceOptions options,
        List<Path> watch,
        List<String> ignore,
        RestartRules restart,
        ProcessRules process) {
    public ServicePlan {
        command = List.copyOf(command);
        env = Map.copyOf(env);
        envFiles = List.copyOf(envFiles);
        tags = List.copyOf(tags);
        meta = Map.copyOf(meta);
        watch = List.copyOf(watch);
        ignore = List.copyOf(ignore);
    }

    /** A plan in the making, with the defaults for all but these. */
    public static ServicePlanBuilder of(String type, List<String> command) {
        return new ServicePlanBuilder(type, command);
    }
}

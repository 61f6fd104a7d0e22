package dev.pointsman.launcher.plan;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A {@link ServicePlan} in the making: one instance, with the defaults for all that is not said. Each method takes the component of its
 * name. For one thread.
 */
public final class ServicePlanBuilder {
    private final String type;
    private final List<String> command;
    private int instances = 1;
    private Map<String, String> env = Map.of();
    private List<Path> envFiles = List.of();
    private @Nullable Path directory;
    private @Nullable String healthPath;
    private List<String> tags = List.of();
    private Map<String, String> meta = Map.of();
    private InstanceOptions options = InstanceOptions.DEFAULT;
    private List<Path> watch = List.of();
    private List<String> ignore = List.of();
    private RestartRules restart = RestartRules.DEFAULT;
    private ProcessRules process = ProcessRules.DEFAULT;

    ServicePlanBuilder(String type, List<String> command) {
        this.type = type;
        this.command = command;
    }

    public ServicePlanBuilder instances(int instances) {
        this.instances = instances;
        return this;
    }

    public ServicePlanBuilder env(Map<String, String> env) {
        this.env = env;
        return this;
    }

    public ServicePlanBuilder envFiles(List<Path> envFiles) {
        this.envFiles = envFiles;
        return this;
    }

    public ServicePlanBuilder directory(@Nullable Path directory) {
        this.directory = directory;
        return this;
    }

    public ServicePlanBuilder healthPath(@Nullable String healthPath) {
        this.healthPath = healthPath;
        return this;
    }

    public ServicePlanBuilder tags(List<String> tags) {
        this.tags = tags;
        return this;
    }

    public ServicePlanBuilder meta(Map<String, String> meta) {
        this.meta = meta;
        return this;
    }

    public ServicePlanBuilder options(InstanceOptions options) {
        this.options = options;
        return this;
    }

    public ServicePlanBuilder watch(List<Path> watch) {
        this.watch = watch;
        return this;
    }

    public ServicePlanBuilder ignore(List<String> ignore) {
        this.ignore = ignore;
        return this;
    }

    public ServicePlanBuilder restart(RestartRules restart) {
        this.restart = restart;
        return this;
    }

    public ServicePlanBuilder process(ProcessRules process) {
        this.process = process;
        return this;
    }

    public ServicePlan build() {
        return new ServicePlan(
                type,
                command,
                instances,
                env,
                envFiles,
                directory,
                healthPath,
                tags,
                meta,
                options,
                watch,
                ignore,
                restart,
                process);
    }
}

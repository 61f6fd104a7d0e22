package dev.pointsman.cli;

import dev.pointsman.agent.AgentOptions;
import dev.pointsman.registry.consul.BadAddressException;
import dev.pointsman.registry.consul.ConsulAddress;
import dev.pointsman.settings.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which registry is meant, and what is registered there. Values stay text here, as in {@link PlanFlags}. */
final class RegistryFlags {
    @Option(
            names = "--health",
            paramLabel = "PATH",
            description = "answers 2xx when an instance is well (that its port takes a connection is enough)")
    private @Nullable String health;

    @Option(names = "--consul", paramLabel = "URL", description = "the registry (http://127.0.0.1:8500)")
    private @Nullable String consul;

    @Option(
            names = "--advertise",
            paramLabel = "ADDRESS",
            description =
                    "what others are told to connect to (127.0.0.1 with a registry on loopback, else this machine's)")
    private @Nullable String advertise;

    @Option(names = "--tag", paramLabel = "TAG", description = "one more tag; may be repeated")
    private List<String> tags = new ArrayList<>();

    @Option(names = "--meta", paramLabel = "NAME=VALUE", description = "metadata in the registry; may be repeated")
    private List<String> meta = new ArrayList<>();

    /** Registry and address as they will be used. */
    record Read(ConsulAddress consul, @Nullable String advertise) {}

    /** What is to be registered. */
    void addTo(List<Setting> settings) {
        Setting.addFlag(settings, "health", health);
        tags.forEach(value -> Setting.addFlag(settings, "tag", value));
        meta.forEach(value -> Setting.addFlag(settings, "meta", value));
    }

    /**
     * Null if anything is wrong. What no flag says, the environment does: Consul's own variables, and
     * {@value AgentOptions#ADVERTISE_VARIABLE}.
     *
     * @param otherwise the registry that a file names, or null; a flag overrules it
     * @param problems takes a sentence for everything that is wrong
     */
    @Nullable
    Read read(@Nullable String otherwise, Map<String, String> environment, List<String> problems) {
        int before = problems.size();
        String address = advertised(advertise, environment, problems);
        try {
            ConsulAddress registry = ConsulAddress.from(consul == null ? otherwise : consul, environment);
            return problems.size() == before ? new Read(registry, address) : null;
        } catch (BadAddressException bad) {
            problems.addAll(bad.problems());
            return null;
        }
    }

    private static @Nullable String advertised(
            @Nullable String flag, Map<String, String> environment, List<String> problems) {
        String given = flag == null ? environment.get(AgentOptions.ADVERTISE_VARIABLE) : flag;
        if (given == null || given.isBlank()) {
            return null;
        }
        try {
            return AgentOptions.of("type", null, Map.of())
                    .withAdvertise(given.strip())
                    .advertise();
        } catch (IllegalArgumentException bad) {
            problems.add((flag == null ? AgentOptions.ADVERTISE_VARIABLE : "--advertise") + ": " + bad.getMessage());
            return null;
        }
    }
}

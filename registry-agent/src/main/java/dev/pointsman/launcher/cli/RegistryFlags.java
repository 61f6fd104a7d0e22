package dev.pointsman.launcher.cli;

import dev.pointsman.agent.AgentOptions;
import dev.pointsman.registry.consul.BadAddressException;
import dev.pointsman.registry.consul.ConsulAddress;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads which registry is meant, and by which address instances are known there. */
final class RegistryFlags {
    /** Both as they will be used. */
    record Read(ConsulAddress consul, @Nullable String advertise) {}

    private RegistryFlags() {}

    /**
     * Null if anything is wrong.
     *
     * @param consul as given, or null for Consul's own variables
     * @param advertise as given, or null for the variable {@value AgentOptions#ADVERTISE_VARIABLE}
     * @param problems takes a sentence for everything that is wrong
     */
    static @Nullable Read read(
            @Nullable String consul,
            @Nullable String advertise,
            Map<String, String> environment,
            List<String> problems) {
        int before = problems.size();
        String address = advertised(advertise, environment, problems);
        try {
            ConsulAddress registry = ConsulAddress.from(consul, environment);
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

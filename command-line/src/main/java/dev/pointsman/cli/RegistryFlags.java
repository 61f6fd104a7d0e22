package dev.pointsman.cli;

import dev.pointsman.agent.AgentOptions;
import dev.pointsman.launcher.plan.ServiceSettings;
import dev.pointsman.registry.consul.BadAddressException;
import dev.pointsman.registry.consul.ConsulAddress;
import dev.pointsman.settings.Settings;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ParseResult;

/**
 * The registry's address and the address that is registered there, as they will be used.
 *
 * @param advertise null where the default counts
 */
record RegistryFlags(ConsulAddress consul, @Nullable String advertise) {
    /**
     * Reads the flags; null if anything is wrong. What no flag says, the environment does: Consul's own variables, and
     * {@value AgentOptions#ADVERTISE_VARIABLE}.
     *
     * @param otherwise the registry that a file names, or null; a flag overrules it
     * @param otherwiseAddress the address to register that a file names, or null; a flag overrules it
     * @param problems takes a sentence for everything that is wrong
     */
    static @Nullable RegistryFlags read(
            ParseResult parsed,
            @Nullable String otherwise,
            @Nullable String otherwiseAddress,
            Map<String, String> environment,
            List<String> problems) {
        int before = problems.size();
        Settings flags = new Settings(SettingFlags.given(parsed, ServiceSettings.OF_LAUNCHER));
        String consul = flags.find(ServiceSettings.CONSUL);
        String flag = flags.find(ServiceSettings.ADVERTISE);
        String address = advertised(flag == null ? otherwiseAddress : flag, environment, problems);
        try {
            ConsulAddress registry = ConsulAddress.from(consul == null ? otherwise : consul, environment);
            return problems.size() == before ? new RegistryFlags(registry, address) : null;
        } catch (BadAddressException bad) {
            problems.addAll(bad.problems());
            return null;
        }
    }

    private static @Nullable String advertised(
            @Nullable String told, Map<String, String> environment, List<String> problems) {
        String given = told == null ? environment.get(AgentOptions.ADVERTISE_VARIABLE) : told;
        if (given == null || given.isBlank()) {
            return null;
        }
        try {
            return AgentOptions.of("type", null, Map.of())
                    .withAdvertise(given.strip())
                    .advertise();
        } catch (IllegalArgumentException bad) {
            problems.add((told == null ? AgentOptions.ADVERTISE_VARIABLE : "--advertise") + ": " + bad.getMessage());
            return null;
        }
    }
}

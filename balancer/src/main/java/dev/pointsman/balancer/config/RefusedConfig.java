package dev.pointsman.balancer.config;

import java.util.List;

/**
 * A configuration that cannot be used. Immutable.
 *
 * @param places where it was read
 * @param problems everything that is wrong with it, a sentence each
 */
public record RefusedConfig(ConfigPlaces places, List<String> problems) implements ConfigReading {
    public RefusedConfig {
        problems = List.copyOf(problems);
    }

    /** The problems as an exception, where nothing can go on with them. */
    public ConfigException exception() {
        return new ConfigException(problems);
    }
}

package dev.pointsman.balancer.config;

import java.util.List;

/** Thrown for settings that cannot be used: all that is wrong with them, a sentence each. */
public final class ConfigException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient List<String> problems;

    public ConfigException(List<String> problems) {
        super(String.join("; ", problems));
        this.problems = List.copyOf(problems);
    }

    public List<String> problems() {
        return problems;
    }
}

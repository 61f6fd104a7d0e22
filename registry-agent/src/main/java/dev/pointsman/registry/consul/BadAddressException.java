package dev.pointsman.registry.consul;

import java.util.List;

/**
 * Thrown when the settings for Consul's address, TLS or ACL token cannot be used. The message is all problems, one a line;
 * no problem ever shows a token.
 */
public final class BadAddressException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private final List<String> problems;

    /** @param problems one sentence each: which setting, its value, what was expected; at least one */
    public BadAddressException(List<String> problems) {
        super(String.join(System.lineSeparator(), problems));
        this.problems = List.copyOf(problems);
    }

    /** Every problem found, in the order in which the settings are read; never empty. */
    public List<String> problems() {
        return problems;
    }
}

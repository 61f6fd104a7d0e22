package dev.pointsman.agent;

import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The checks of {@link AgentOptions}; each throws with the setting, its value and what was expected. */
final class OptionRules {
    /** Consul takes nearly any name, but its DNS and the tools around it only these. */
    private static final Pattern TYPE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    private static final Pattern META_KEY = Pattern.compile("[A-Za-z0-9_-]{1,128}");
    private static final Pattern PATH = Pattern.compile("/[A-Za-z0-9._~/-]*");
    private static final int LONGEST_META_VALUE = 512;
    /** Consul's 64 pairs less the three that the agent adds. */
    private static final int MOST_META = 61;

    private OptionRules() {}

    static void type(String type) {
        if (!TYPE.matcher(type).matches()) {
            throw bad(
                    "type",
                    type,
                    "1 to 64 letters, digits, dots, dashes or underscores, beginning with a letter or digit");
        }
    }

    static void host(String name, @Nullable String host) {
        if (host != null && (host.isEmpty() || host.chars().anyMatch(c -> c <= ' ' || c == '/' || c == '['))) {
            throw bad(name, host, "a host name or an IP address, IPv6 without brackets");
        }
    }

    static void advertise(@Nullable String address) {
        host("advertised address", address);
        if (address != null && MachineAddress.isWildcard(address)) {
            throw bad("advertised address", address, "an address that others can connect to");
        }
    }

    static void tag(String tag) {
        if (tag.isBlank() || tag.chars().anyMatch(Character::isISOControl)) {
            throw bad("tag", tag, "a word without control characters");
        }
    }

    static void meta(Map<String, String> meta) {
        if (meta.size() > MOST_META) {
            throw bad("metadata", meta.size() + " pairs", "at most " + MOST_META);
        }
        meta.forEach((key, value) -> {
            if (!META_KEY.matcher(key).matches()) {
                throw bad("metadata key", key, "1 to 128 letters, digits, dashes or underscores");
            }
            metaValue("metadata " + key, value);
        });
    }

    static void metaValue(String name, String value) {
        if (value.length() > LONGEST_META_VALUE) {
            throw bad(name, value.length() + " characters", "at most " + LONGEST_META_VALUE);
        }
    }

    static void path(String path) {
        if (!PATH.matcher(path).matches()) {
            throw bad("health path", path, "a path that begins with / and has no query");
        }
    }

    static void positive(String name, Duration duration) {
        if (duration.isNegative() || duration.isZero()) {
            throw bad(name, duration.toMillis() + " ms", "more than 0");
        }
    }

    static void notNegative(String name, Duration duration) {
        if (duration.isNegative()) {
            throw bad(name, duration.toMillis() + " ms", "0 or more");
        }
    }

    private static IllegalArgumentException bad(String name, String value, String expected) {
        return new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
    }
}

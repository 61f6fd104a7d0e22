package dev.pointsman.balancer.route;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A pick policy by name; docs/policies.md tells what each does.
 *
 * @param kind which one
 * @param name of the header field, the cookie or the query parameter that it goes by; empty for the others
 */
public record Policy(Kind kind, String name) {
    public static final Policy DEFAULT = new Policy(Kind.ROUND_ROBIN, "");

    /** The sticky cookie, where it is not named. */
    public static final String STICKY_COOKIE = "pointsman";

    /** What {@link #parse} understands, for whoever wrote something else. */
    public static final String EXPECTED =
            "round-robin, plain-round-robin, weighted, least-in-flight, two-choices, random,"
                    + " hash:address, hash:header:NAME, hash:cookie:NAME, hash:query:NAME, sticky or sticky:COOKIE";

    /** The policies there are. */
    public enum Kind {
        ROUND_ROBIN,
        PLAIN_ROUND_ROBIN,
        WEIGHTED,
        LEAST_IN_FLIGHT,
        TWO_CHOICES,
        RANDOM,
        HASH_ADDRESS,
        HASH_HEADER,
        HASH_COOKIE,
        HASH_QUERY,
        STICKY;

        private boolean isNamed() {
            return this == HASH_HEADER || this == HASH_COOKIE || this == HASH_QUERY || this == STICKY;
        }

        private String words() {
            String lower = name().toLowerCase(Locale.ROOT);
            return lower.startsWith("hash_") ? lower.replace('_', ':') : lower.replace('_', '-');
        }
    }

    /** The policy that is written so, or null if none is. */
    public static @Nullable Policy parse(String text) {
        for (Kind kind : Kind.values()) {
            if (text.equals(kind.words()) && (!kind.isNamed() || kind == Kind.STICKY)) {
                return new Policy(kind, kind == Kind.STICKY ? STICKY_COOKIE : "");
            }
            if (kind.isNamed() && text.startsWith(kind.words() + ":")) {
                String name = text.substring(kind.words().length() + 1);
                boolean fits = kind == Kind.HASH_QUERY ? !name.isBlank() : isToken(name);
                return fits ? new Policy(kind, name) : null;
            }
        }
        return null;
    }

    /** RFC 9110, 5.6.2: what names of fields and of cookies are made of. */
    private static boolean isToken(String name) {
        return name.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]+");
    }

    @Override
    public String toString() {
        return name.isEmpty() ? kind.words() : kind.words() + ":" + name;
    }
}

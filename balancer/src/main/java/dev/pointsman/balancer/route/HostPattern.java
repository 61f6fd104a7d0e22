package dev.pointsman.balancer.route;

import java.net.IDN;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The hosts that a route is for: any, exactly one, all below a domain ({@code *.example.com}: one or more labels before
 * it, but not the bare domain), or those of a pattern of fabio's. Names are in normal form, see {@link #normalName}.
 * Immutable.
 *
 * @param kind which hosts
 * @param name the host, the domain behind {@code *}, or the pattern; empty for any
 */
public record HostPattern(HostKind kind, String name) {
    /** The kinds of patterns, the most specific first. */
    public enum HostKind {
        /** One host. */
        EXACT,
        /** All hosts below a domain. */
        WILDCARD,
        /** A pattern in fabio's language, read by fabio's rules alone. */
        GLOB,
        /** All requests, whatever host they name. */
        ANY
    }

    /** The form that {@link #parse} accepts, in words. */
    public static final String EXPECTED =
            "a host such as shop.example.com or *.example.com, without a port; nothing for any host";

    /** The pattern of all requests. */
    public static final HostPattern ANY = new HostPattern(HostKind.ANY, "");

    private static final int MOST_OCTETS = 253;

    /**
     * Reads a host, in any case and with letters of any script (RFC 5890), or the pattern of a domain; empty text is any
     * host.
     *
     * @return null if it is neither
     */
    public static @Nullable HostPattern parse(String text) {
        String given = text.strip();
        if (given.isEmpty()) {
            return ANY;
        }
        boolean wildcard = given.startsWith("*.");
        String name = asciiName(wildcard ? given.substring(2) : given);
        if (name == null) {
            return null;
        }
        return new HostPattern(wildcard ? HostKind.WILDCARD : HostKind.EXACT, name);
    }

    private static @Nullable String asciiName(String given) {
        if (isAddress(given)) {
            return given.toLowerCase(Locale.ROOT);
        }
        String name = given.endsWith(".") ? given.substring(0, given.length() - 1) : given;
        try {
            String ascii = IDN.toASCII(name, IDN.ALLOW_UNASSIGNED).toLowerCase(Locale.ROOT);
            return isName(ascii) ? ascii : null;
        } catch (IllegalArgumentException noName) {
            return null;
        }
    }

    private static boolean isAddress(String text) {
        return text.startsWith("[")
                && text.endsWith("]")
                && text.length() > 3
                && text.chars()
                        .skip(1)
                        .limit(text.length() - 2L)
                        .allMatch(c -> Character.digit(c, 16) >= 0 || c == ':' || c == '.');
    }

    private static boolean isName(String ascii) {
        if (ascii.isEmpty() || ascii.length() > MOST_OCTETS) {
            return false;
        }
        for (String label : ascii.split("\\.", -1)) {
            boolean plain = label.chars()
                    .allMatch(c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_');
            if (label.isEmpty() || label.length() > 63 || !plain || label.startsWith("-") || label.endsWith("-")) {
                return false;
            }
        }
        return true;
    }

    /**
     * The normal form of a requested host: without its port and a trailing dot, in lower case.
     *
     * @param host the Host field's value, or an authority (RFC 9110, 7.2)
     */
    public static String normalName(String host) {
        int end = host.length();
        int colon = host.lastIndexOf(':');
        if (colon >= 0 && host.indexOf(']', colon) < 0) {
            end = colon;
        }
        if (end > 1 && host.charAt(end - 1) == '.') {
            end--;
        }
        for (int i = 0; i < end; i++) {
            char c = host.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                return host.substring(0, end).toLowerCase(Locale.ROOT);
            }
        }
        return end == host.length() ? host : host.substring(0, end);
    }

    /** By hand: a start waits for the one that the JVM generates. */
    @Override
    public int hashCode() {
        return kind.hashCode() * 31 + name.hashCode();
    }

    /** The pattern as it stands in a route's key. */
    @Override
    public String toString() {
        return kind == HostKind.WILDCARD ? "*." + name : name;
    }
}

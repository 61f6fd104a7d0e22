package dev.pointsman.balancer.route;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The rule by which browsers let pages of other origins use a route (CORS; Fetch, 3.2). Immutable, thread-safe.
 *
 * @param origins which: {@code https://app.example.com}, {@code https://*.example.com} for all hosts below one, {@code *}
 *     for any
 * @param methods that a page may use; empty for any that it asks for
 * @param headers that a page may send; empty for any that it asks for
 * @param expose fields of responses that a page may read beside the usual ones
 * @param credentials whether it may send cookies and credentials; not with {@code *}
 * @param maxAge for how long a browser may remember the answer to its question
 */
public record CorsRule(
        List<String> origins,
        List<String> methods,
        List<String> headers,
        List<String> expose,
        boolean credentials,
        Duration maxAge) {
    /** The form of an origin, in words. */
    public static final String EXPECTED_ORIGIN =
            "*, or origins such as https://app.example.com and https://*.example.com, without a path";

    public CorsRule {
        origins = origins.stream().map(CorsRule::folded).toList();
        methods = List.copyOf(methods);
        headers = List.copyOf(headers);
        expose = List.copyOf(expose);
    }

    /** Whether pages of all origins may use it. */
    public boolean isForAll() {
        return origins.contains("*");
    }

    /** Whether pages of an origin may use it. */
    public boolean allows(String origin) {
        if (isForAll()) {
            return true;
        }
        String asked = folded(origin);
        for (String allowed : origins) {
            if (allowed.equals(asked) || isBelow(asked, allowed)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isBelow(String asked, String allowed) {
        int star = allowed.indexOf("//*.");
        if (star < 0
                || !asked.startsWith(allowed.substring(0, star + 2))
                || !asked.endsWith(allowed.substring(star + 3))) {
            return false;
        }
        int most = asked.length() - (allowed.length() - star - 3);
        if (most <= star + 2) {
            return false;
        }
        return asked.substring(star + 2, most)
                .chars()
                .allMatch(c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_');
    }

    private static String folded(String origin) {
        return origin.toLowerCase(Locale.ROOT);
    }

    /** Reads an origin; null if it is none. */
    public static @Nullable String origin(String text) {
        String origin = folded(text.strip());
        if (origin.equals("*") || origin.equals("null")) {
            return origin.equals("*") ? origin : null;
        }
        int scheme = origin.indexOf("://");
        if (scheme < 1) {
            return null;
        }
        String host = origin.substring(scheme + 3);
        String plain = host.startsWith("*.") ? host.substring(2) : host;
        boolean named = !plain.isEmpty()
                && plain.chars()
                        .allMatch(c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || "-.:[]_".indexOf(c) >= 0);
        boolean known =
                origin.substring(0, scheme).chars().allMatch(c -> (c >= 'a' && c <= 'z') || c == '-' || c == '+');
        return named && known ? origin : null;
    }
}

package dev.pointsman.balancer.route;

import dev.pointsman.pool.RequestFacts;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The conditions of a route beside host and path, all of which a request has to meet. Immutable.
 *
 * @param methods one of these; empty for any. Methods are case-sensitive (RFC 9110, 9.1)
 * @param headers field names, in lower case, with the value that the first field of that name has to have
 * @param query names of parameters with the value, decoded, that the first parameter of that name has to have
 */
public record RequestMatch(List<String> methods, Map<String, String> headers, Map<String, String> query) {
    /** No condition. */
    public static final RequestMatch ANY = new RequestMatch(List.of(), Map.of(), Map.of());

    public RequestMatch {
        methods = methods.stream().sorted().distinct().toList();
        headers = Map.copyOf(headers);
        query = Map.copyOf(query);
    }

    public boolean isAny() {
        return conditions() == 0;
    }

    /** How many conditions there are: of the routes of one key, those with more are tried first. */
    public int conditions() {
        return (methods.isEmpty() ? 0 : 1) + headers.size() + query.size();
    }

    /** Whether a request meets all conditions. */
    public boolean accepts(String method, RequestFacts request) {
        if (!methods.isEmpty() && !methods.contains(method)) {
            return false;
        }
        for (Map.Entry<String, String> wanted : headers.entrySet()) {
            if (!wanted.getValue().equals(request.header(wanted.getKey()))) {
                return false;
            }
        }
        for (Map.Entry<String, String> wanted : query.entrySet()) {
            if (!wanted.getValue().equals(request.queryParameter(wanted.getKey()))) {
                return false;
            }
        }
        return true;
    }

    /**
     * The first condition that a request does not meet, in words that follow the route's key; null if it meets all, that is,
     * if {@link #accepts} it.
     */
    @Nullable
    String unmet(String method, RequestFacts request) {
        if (accepts(method, request)) {
            return null;
        }
        if (!methods.isEmpty() && !methods.contains(method)) {
            return "the method is " + method + ", not " + String.join(" or ", methods);
        }
        for (Map.Entry<String, String> wanted : new TreeMap<>(headers).entrySet()) {
            String given = request.header(wanted.getKey());
            if (!wanted.getValue().equals(given)) {
                return differs("field " + wanted.getKey(), given, wanted.getValue());
            }
        }
        for (Map.Entry<String, String> wanted : new TreeMap<>(query).entrySet()) {
            String given = request.queryParameter(wanted.getKey());
            if (!wanted.getValue().equals(given)) {
                return differs("parameter " + wanted.getKey() + " of the query", given, wanted.getValue());
            }
        }
        return "its conditions are not met";
    }

    private static String differs(String what, @Nullable String given, String wanted) {
        return given == null
                ? "there is no " + what + " (expected: " + wanted + ")"
                : "the " + what + " is \"" + given + "\", not \"" + wanted + "\"";
    }

    /** By hand: a start waits for the one that the JVM generates. */
    @Override
    public int hashCode() {
        return (methods.hashCode() * 31 + headers.hashCode()) * 31 + query.hashCode();
    }

    /** The conditions in one line; empty if there are none. */
    @Override
    public String toString() {
        return Stream.of(
                        methods.isEmpty() ? Stream.<String>empty() : Stream.of(String.join("|", methods)),
                        new TreeMap<>(headers).entrySet().stream().map(each -> each.getKey() + ": " + each.getValue()),
                        new TreeMap<>(query)
                                .entrySet().stream().map(each -> "?" + each.getKey() + "=" + each.getValue()))
                .flatMap(each -> each)
                .collect(Collectors.joining(", "));
    }
}

package dev.pointsman.registry.embedded;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The query parameters of a request, read the way Consul reads them. Immutable. */
final class QueryParams {
    private final Map<String, List<String>> values;

    private QueryParams(Map<String, List<String>> values) {
        this.values = values;
    }

    /**
     * Takes a query apart.
     *
     * @param query what stands behind the question mark, still encoded, or null when there is none
     */
    static QueryParams parse(@Nullable String query) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        if (query != null) {
            for (String pair : query.split("&", -1)) {
                if (!pair.isEmpty()) {
                    int equals = pair.indexOf('=');
                    String name = decode(equals < 0 ? pair : pair.substring(0, equals), true);
                    String value = equals < 0 ? "" : decode(pair.substring(equals + 1), true);
                    values.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
                }
            }
        }
        return new QueryParams(values);
    }

    /**
     * Percent-decodes UTF-8; what is no proper escape stays as it is.
     *
     * @param plusIsSpace as in a query; not in a path
     */
    static String decode(String text, boolean plusIsSpace) {
        if (text.indexOf('%') < 0 && text.indexOf('+') < 0) {
            return text;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream decoded = new ByteArrayOutputStream(bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            int high = i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
            int low = i + 2 < bytes.length ? Character.digit(bytes[i + 2], 16) : -1;
            if (bytes[i] == '%' && high >= 0 && low >= 0) {
                decoded.write(high << 4 | low);
                i += 2;
            } else {
                decoded.write(plusIsSpace && bytes[i] == '+' ? ' ' : bytes[i]);
            }
        }
        return decoded.toString(StandardCharsets.UTF_8);
    }

    /** Whether the parameter is there at all: {@code ?stale}, {@code ?stale=} and {@code ?stale=1} are the same. */
    boolean has(String name) {
        return values.containsKey(name);
    }

    /** The first value, or empty. */
    String get(String name) {
        List<String> all = values.getOrDefault(name, List.of());
        return all.isEmpty() ? "" : all.get(0);
    }

    List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }

    /** The index to block on, unsigned; 0 means not to block. */
    long index() {
        String index = get("index");
        try {
            return index.isEmpty() ? 0 : Long.parseUnsignedLong(index);
        } catch (NumberFormatException e) {
            throw ApiException.badRequest("Invalid index");
        }
    }

    /** How long to block, zero when it does not say. */
    Duration waitTime() {
        String wait = get("wait");
        try {
            return wait.isEmpty() ? Duration.ZERO : GoDuration.parse(wait);
        } catch (IllegalArgumentException e) {
            throw ApiException.badRequest("Invalid wait time");
        }
    }

    /** The value of {@code X-Consul-Effective-Consistency}. One process always is its own leader. */
    String consistency() {
        boolean stale = has("stale") || has("max_stale");
        boolean consistent = has("consistent");
        if (stale && consistent) {
            throw ApiException.badRequest("Cannot specify ?stale with ?consistent, conflicting semantics.");
        }
        if (has("cached") && consistent) {
            throw ApiException.badRequest("Cannot specify ?cached with ?consistent, conflicting semantics.");
        }
        return stale ? "stale" : consistent ? "consistent" : "leader";
    }

    /** {@code ?passing}: there and not false. */
    boolean passing() {
        return switch (has("passing") ? get("passing") : "false") {
            case "", "1", "t", "T", "true", "TRUE", "True" -> true;
            case "0", "f", "F", "false", "FALSE", "False" -> false;
            default -> throw ApiException.badRequest("Invalid value for ?passing");
        };
    }

    /** {@code ?enable}, of maintenance. */
    boolean enable() {
        if (get("enable").isEmpty()) {
            throw ApiException.badRequest("Missing value for enable");
        }
        return switch (get("enable")) {
            case "1", "t", "T", "true", "TRUE", "True" -> true;
            case "0", "f", "F", "false", "FALSE", "False" -> false;
            default -> throw ApiException.badRequest("Invalid value for enable: \"" + get("enable") + "\"");
        };
    }

    /** An unsigned number, or null when the parameter is not there. */
    @Nullable
    Long unsigned(String name) {
        if (!has(name)) {
            return null;
        }
        try {
            return Long.parseUnsignedLong(get(name));
        } catch (NumberFormatException e) {
            throw ApiException.of(500, "strconv.ParseUint: parsing \"" + get(name) + "\": invalid syntax");
        }
    }
}

package dev.pointsman.balancer.tls;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The choice by the name that a client asks for (RFC 6066, 3): what is for exactly that name, else what is for all names one label below
 * its parent (RFC 6125, 6.4.3), else the first. Of several for the same name the first counts. Holds nothing of what clients send.
 * Immutable, thread-safe.
 *
 * @param <T> what is chosen
 */
final class SniTable<T> {
    private static final String ANY_LABEL = "*.";

    private final Map<String, T> exact = new HashMap<>();
    /** By what follows the first label, its dot included. */
    private final Map<String, T> wildcard = new HashMap<>();

    private final T first;

    /**
     * A table.
     *
     * @param all at least one, the first counts where no name fits
     * @param names of each, in lower case, perhaps with {@code *} as the first label
     */
    SniTable(List<T> all, Function<T, Set<String>> names) {
        this.first = all.get(0);
        for (T each : all) {
            for (String name : names.apply(each)) {
                if (name.startsWith(ANY_LABEL)) {
                    wildcard.putIfAbsent(name.substring(1), each);
                } else {
                    exact.putIfAbsent(name, each);
                }
            }
        }
    }

    /** The one for a name, in any case and perhaps with a dot at its end; null for a client that asks for none. */
    T get(@Nullable String asked) {
        if (asked == null || asked.isEmpty()) {
            return first;
        }
        String name = asked.toLowerCase(Locale.ROOT);
        name = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        T found = exact.get(name);
        if (found == null) {
            int dot = name.indexOf('.');
            found = dot <= 0 ? null : wildcard.get(name.substring(dot));
        }
        return found == null ? first : found;
    }
}

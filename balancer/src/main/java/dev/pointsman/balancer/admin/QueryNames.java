package dev.pointsman.balancer.admin;

import dev.pointsman.registry.OneLine;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The names of parameters in a query. */
final class QueryNames {
    private static final int LONGEST_SHOWN = 120;

    private QueryNames() {}

    /** What is wrong with them; null if nothing is. A misspelt dry-run must not carry out the change. */
    static @Nullable String unknown(RoutingContext rc, Set<String> known) {
        return rc.queryParams().names().stream()
                .filter(name -> !known.contains(name))
                .findFirst()
                .map(name -> "\"" + OneLine.of(name, LONGEST_SHOWN) + "\": there is no such parameter here (expected: "
                        + (known.isEmpty() ? "none" : String.join(", ", new TreeSet<>(known))) + ")")
                .orElse(null);
    }
}

package dev.pointsman.balancer.route;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The index of routes in our own language. The host decides first (exact, then the longest wildcard, then any), then the
 * longest prefix of the path; of the routes of one host and path those with the most conditions are tried first. If no
 * path of a host matches, the next best host is tried. Costs a map look-up per label and per segment, however many routes
 * there are.
 */
final class SegmentIndex implements RouteLookup {
    private static final Comparator<TableEntry> MOST_CONDITIONS_FIRST = Comparator.comparing(
            (TableEntry entry) -> entry.route().key().match().conditions(), Comparator.reverseOrder());

    private final Map<String, Paths> exact = new HashMap<>();
    private final Map<String, Paths> wildcards = new HashMap<>();
    private final Paths any = new Paths();
    private final boolean hasHosts;

    /** The routes of one host by their paths. */
    private static final class Paths {
        private final Map<String, List<TableEntry>> byPrefix = new HashMap<>();

        void add(TableEntry entry) {
            List<TableEntry> same = byPrefix.computeIfAbsent(entry.route().key().path(), path -> new ArrayList<>(1));
            same.add(entry);
            // Stable: routes with as many conditions are tried in the order in which they were given.
            same.sort(MOST_CONDITIONS_FIRST);
        }

        @Nullable
        TableEntry find(String path, RoutedFacts request) {
            int end = path.length();
            while (end > 0) {
                TableEntry found = first(byPrefix.get(path.substring(0, end)), request);
                if (found != null) {
                    return found;
                }
                end = path.lastIndexOf('/', end - 1);
            }
            return first(byPrefix.get("/"), request);
        }

        private static @Nullable TableEntry first(@Nullable List<TableEntry> same, RoutedFacts request) {
            if (same == null) {
                return null;
            }
            for (TableEntry entry : same) {
                RequestMatch match = entry.route().key().match();
                if (match.isAny() || match.accepts(request.method(), request)) {
                    return entry;
                }
            }
            return null;
        }
    }

    SegmentIndex(List<TableEntry> entries) {
        entries.forEach(entry -> paths(entry.route().key().host()).add(entry));
        this.hasHosts = !exact.isEmpty() || !wildcards.isEmpty();
    }

    private Paths paths(HostPattern host) {
        return switch (host.kind()) {
            case EXACT -> exact.computeIfAbsent(host.name(), name -> new Paths());
            case WILDCARD -> wildcards.computeIfAbsent(host.name(), name -> new Paths());
            case ANY -> any;
            case GLOB -> throw new IllegalArgumentException(host + ": a pattern of another language");
        };
    }

    @Override
    public @Nullable TableEntry find(@Nullable String host, String path, RoutedFacts request) {
        if (hasHosts && host != null) {
            TableEntry found = findByHost(HostPattern.normalName(host), path, request);
            if (found != null) {
                return found;
            }
        }
        return any.find(path, request);
    }

    private @Nullable TableEntry findByHost(String host, String path, RoutedFacts request) {
        Paths own = exact.get(host);
        TableEntry found = own == null ? null : own.find(path, request);
        int dot = wildcards.isEmpty() ? -1 : host.indexOf('.');
        while (found == null && dot > 0) {
            Paths below = wildcards.get(host.substring(dot + 1));
            found = below == null ? null : below.find(path, request);
            dot = host.indexOf('.', dot + 1);
        }
        return found;
    }
}

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

    /** What ends the search at one of the entries whose host and path match; they come in the order in which they are tried. */
    @FunctionalInterface
    private interface Choice {
        boolean takes(TableEntry entry, RoutedFacts request);
    }

    private static final Choice WHOSE_CONDITIONS_ARE_MET = (entry, request) -> {
        RequestMatch match = entry.route().key().match();
        return match.isAny() || match.accepts(request.method(), request);
    };

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
        TableEntry find(String path, RoutedFacts request, Choice choice) {
            int end = path.length();
            while (end > 0) {
                TableEntry found = first(byPrefix.get(path.substring(0, end)), request, choice);
                if (found != null) {
                    return found;
                }
                end = path.lastIndexOf('/', end - 1);
            }
            return first(byPrefix.get("/"), request, choice);
        }

        private static @Nullable TableEntry first(@Nullable List<TableEntry> same, RoutedFacts request, Choice choice) {
            if (same == null) {
                return null;
            }
            for (TableEntry entry : same) {
                if (choice.takes(entry, request)) {
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
        return find(host, path, request, WHOSE_CONDITIONS_ARE_MET);
    }

    @Override
    public List<TableEntry> candidates(@Nullable String host, String path) {
        List<TableEntry> candidates = new ArrayList<>();
        find(host, path, RoutedFacts.NONE, (entry, request) -> !candidates.add(entry));
        return candidates;
    }

    private @Nullable TableEntry find(@Nullable String host, String path, RoutedFacts request, Choice choice) {
        if (hasHosts && host != null) {
            TableEntry found = findByHost(HostPattern.normalName(host), path, request, choice);
            if (found != null) {
                return found;
            }
        }
        return any.find(path, request, choice);
    }

    private @Nullable TableEntry findByHost(String host, String path, RoutedFacts request, Choice choice) {
        Paths own = exact.get(host);
        TableEntry found = own == null ? null : own.find(path, request, choice);
        int dot = wildcards.isEmpty() ? -1 : host.indexOf('.');
        while (found == null && dot > 0) {
            Paths below = wildcards.get(host.substring(dot + 1));
            found = below == null ? null : below.find(path, request, choice);
            dot = host.indexOf('.', dot + 1);
        }
        return found;
    }
}

package dev.pointsman.balancer.fabio;

import dev.pointsman.balancer.route.Redirect;
import dev.pointsman.balancer.route.RouteFilters;
import dev.pointsman.balancer.route.RouteKey.PathMatching;
import dev.pointsman.balancer.route.RouteLookup;
import dev.pointsman.balancer.route.RouteOptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * An index of routes in fabio's language, by fabio's rules. The hosts that match are tried in the descending order of their
 * reversed names, then the routes of any host; each with the first of its paths that matches. A host without special
 * characters costs a map look-up, however many there are; only those that are patterns are tried one after the other.
 * Immutable, thread-safe.
 *
 * <p>Of the Host field only the port of clear-text HTTP, 80, is left out, on both sides; a dot at its end counts.
 */
public final class FabioIndex implements RouteLookup {
    private static final String DEFAULT_PORT = ":80";
    private static final String GRPC = "application/grpc";

    private final Map<String, List<FabioHost>> literals = new HashMap<>();
    private final List<FabioHost> globs = new ArrayList<>();
    private final @Nullable FabioPaths any;

    /**
     * The paths of one host.
     *
     * @param name as it is in routes, with its port
     * @param glob the pattern of names without the port; null if there is nothing special in it
     */
    private record FabioHost(String name, @Nullable Glob glob, FabioPaths paths) {
        boolean isBefore(FabioHost other) {
            return HostOrder.TRIED_FIRST.compare(name, other.name) < 0;
        }
    }

    /**
     * An index of these routes.
     *
     * @throws IllegalArgumentException if their paths are to be read in different ways, or one is no pattern
     */
    public FabioIndex(List<TableEntry> entries) {
        PathMatching matching = entries.isEmpty()
                ? PathMatching.PREFIX
                : entries.get(0).route().key().matching();
        Map<String, List<TableEntry>> byHost = new LinkedHashMap<>();
        for (TableEntry entry : entries) {
            if (entry.route().key().matching() != matching) {
                throw new IllegalArgumentException(entry.route().key() + ": " + matching + " expected");
            }
            byHost.computeIfAbsent(entry.route().key().host().name(), host -> new ArrayList<>())
                    .add(entry);
        }
        List<TableEntry> ofAny = byHost.remove("");
        this.any = ofAny == null ? null : FabioPaths.of(ofAny, matching);
        byHost.entrySet().stream()
                .sorted(Map.Entry.comparingByKey(HostOrder.TRIED_FIRST))
                .forEach(each -> add(each.getKey(), FabioPaths.of(each.getValue(), matching)));
    }

    private void add(String name, FabioPaths paths) {
        String pattern = withoutDefaultPort(name);
        if (Glob.isLiteral(pattern)) {
            literals.computeIfAbsent(pattern, host -> new ArrayList<>(1)).add(new FabioHost(name, null, paths));
        } else {
            globs.add(new FabioHost(name, Glob.checked(pattern), paths));
        }
    }

    @Override
    public @Nullable TableEntry find(@Nullable String asked, String path, RoutedFacts request) {
        String host = host(asked, request);
        return first(host, path, entry -> !leadsToItself(entry, host, path, request));
    }

    /** The host that a request is routed by: of a call of gRPC what its metadata says, if they say anything, as with fabio. */
    private static @Nullable String host(@Nullable String asked, RoutedFacts request) {
        String type = request.header("content-type");
        if (type == null || !type.startsWith(GRPC)) {
            return asked;
        }
        String told = request.header("dsthost");
        return told == null ? asked : told;
    }

    /** The routes that take a request, in the order in which they are tried: one for each host that matches. */
    @Override
    public List<TableEntry> candidates(@Nullable String host, String path) {
        List<TableEntry> candidates = new ArrayList<>();
        TableEntry none = first(host, path, entry -> !candidates.add(entry));
        if (none != null) {
            throw new IllegalStateException(none + " was taken");
        }
        return candidates;
    }

    private @Nullable TableEntry first(@Nullable String host, String path, Predicate<TableEntry> taken) {
        String decoded = DecodedPath.of(path);
        TableEntry found = host == null || (literals.isEmpty() && globs.isEmpty())
                ? null
                : firstByHost(normalHost(host), decoded, taken);
        if (found != null || any == null) {
            return found;
        }
        TableEntry last = any.find(decoded);
        return last != null && taken.test(last) ? last : null;
    }

    private @Nullable TableEntry firstByHost(String host, String path, Predicate<TableEntry> taken) {
        List<FabioHost> named = literals.getOrDefault(host, List.of());
        int next = 0;
        for (FabioHost each : globs) {
            if (!matches(each, host)) {
                continue;
            }
            while (next < named.size() && named.get(next).isBefore(each)) {
                TableEntry found = accepted(named.get(next++), path, taken);
                if (found != null) {
                    return found;
                }
            }
            TableEntry found = accepted(each, path, taken);
            if (found != null) {
                return found;
            }
        }
        while (next < named.size()) {
            TableEntry found = accepted(named.get(next++), path, taken);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private static boolean matches(FabioHost each, String host) {
        return each.glob() != null && each.glob().matches(host);
    }

    private static @Nullable TableEntry accepted(FabioHost host, String path, Predicate<TableEntry> taken) {
        TableEntry found = host.paths().find(path);
        return found != null && taken.test(found) ? found : null;
    }

    /** Whether the client would be sent to where it is: then the next host's route has its turn, as with fabio. */
    private static boolean leadsToItself(TableEntry entry, @Nullable String host, String path, RoutedFacts request) {
        RouteOptions options = entry.route().options();
        RouteFilters filters = options.filters();
        Redirect redirect = filters == null ? null : filters.redirect();
        if (redirect == null || host == null) {
            return false;
        }
        String forwarded = request.header("x-forwarded-proto");
        String scheme = forwarded == null ? "http" : forwarded;
        String location = redirect.location(host, path, path, options.path());
        return location != null && redirect.leadsTo(scheme, host, path, location);
    }

    private static String normalHost(String host) {
        return withoutDefaultPort(host.toLowerCase(Locale.ROOT));
    }

    /** The host without the port that may be left out. */
    static String withoutDefaultPort(String host) {
        return host.endsWith(DEFAULT_PORT) ? host.substring(0, host.length() - DEFAULT_PORT.length()) : host;
    }
}

package dev.pointsman.balancer.route;

import dev.pointsman.balancer.route.HostPattern.HostKind;
import dev.pointsman.balancer.route.RouteKey.PathMatching;
import dev.pointsman.balancer.route.RouteLookup.RoutedFacts;
import dev.pointsman.balancer.route.RouteLookup.TableEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The routes that a request could take by its host and path, in the order in which they are tried, each with the reason why it
 * is the one or is not. The table itself says which one is: nothing is decided here. Immutable.
 *
 * @param taken the route that takes the request; null if none does
 * @param why why it is that one; if none is, what is missing
 * @param others the other candidates, the next best first
 * @param elsewhere where there is no candidate at all, some routes that would take the same path of another host
 */
public record RouteCandidates(@Nullable TableEntry taken, String why, List<Passed> others, List<Route> elsewhere) {
    /** The most routes of other hosts that are named. */
    private static final int MOST_ELSEWHERE = 3;

    /** The most hosts that are looked at for them. */
    private static final int MOST_HOSTS = 20_000;

    /**
     * A candidate that does not take the request.
     *
     * @param why in words that follow its key
     */
    public record Passed(Route route, String why) {}

    public RouteCandidates {
        others = List.copyOf(others);
        elsewhere = List.copyOf(elsewhere);
    }

    /**
     * The candidates of a request.
     *
     * @param host the requested host as it was sent, with its port; null if none was
     * @param path the path in normal form
     */
    public static RouteCandidates of(RouteTable table, @Nullable String host, String path, RoutedFacts request) {
        TableEntry taken = table.find(host, path, request);
        List<Passed> others = new ArrayList<>();
        boolean before = taken != null;
        for (TableEntry each : table.candidates(host, path)) {
            if (taken != null && each.index() == taken.index()) {
                before = false;
            } else {
                others.add(new Passed(each.route(), whyNot(each.route(), taken, before, request)));
            }
        }
        if (taken != null) {
            return new RouteCandidates(taken, why(taken.route()), others, List.of());
        }
        String none = others.isEmpty()
                ? "no route is for this host and path"
                : "no route whose host and path match has its conditions met";
        List<Route> elsewhere = others.isEmpty() ? elsewhere(table, path, request) : List.of();
        return new RouteCandidates(null, none, others, elsewhere);
    }

    private static String why(Route route) {
        RouteKey key = route.key();
        String conditions = key.match().isAny() ? "" : "; its conditions are met (" + key.match() + ")";
        return host(key.host()) + "; " + path(key) + conditions;
    }

    private static String host(HostPattern host) {
        return switch (host.kind()) {
            case EXACT -> "the host is exactly " + host;
            case WILDCARD -> "the host is below " + host.name();
            case GLOB -> "the host matches the pattern " + host.name();
            case ANY -> "it is for any host";
        };
    }

    private static String path(RouteKey key) {
        return switch (key.matching()) {
            case SEGMENTS -> key.path().equals("/") ? "it takes every path" : "the path is " + key.path() + " or below";
            case PREFIX -> "the path begins with " + key.path();
            case PREFIX_ANY_CASE -> "the path begins with " + key.path() + ", in any case";
            case GLOB -> "the path matches the pattern " + key.path();
            case TCP -> "it is for connections to port " + key.path();
        };
    }

    private static String whyNot(Route route, @Nullable TableEntry taken, boolean before, RoutedFacts request) {
        String unmet = route.key().match().unmet(request.method(), request);
        if (unmet != null) {
            return unmet;
        }
        return taken == null || before ? "it would send the client to where it is" : lessSpecific(route.key(), taken);
    }

    private static String lessSpecific(RouteKey key, TableEntry taken) {
        RouteKey better = taken.route().key();
        if (!key.host().equals(better.host())) {
            return key.host().kind() == HostKind.ANY
                    ? "it is for any host, and " + better.host() + " is more specific"
                    : "its host, " + key.host() + ", is less specific than " + better.host();
        }
        if (!key.path().equals(better.path()) && key.matching() == PathMatching.SEGMENTS) {
            return "its path is shorter than " + better.path();
        }
        return key.match().conditions() < better.match().conditions() ? "it has fewer conditions" : "it is tried later";
    }

    /** Routes that would take the request if it were for a host of their own: a host that is misspelled finds the right one. */
    private static List<Route> elsewhere(RouteTable table, String path, RoutedFacts request) {
        Set<String> hosts = new TreeSet<>();
        table.routes().stream()
                .map(route -> route.key().host())
                .filter(host -> host.kind() == HostKind.EXACT || host.kind() == HostKind.WILDCARD)
                .limit(MOST_HOSTS)
                .forEach(host -> hosts.add(host.kind() == HostKind.EXACT ? host.name() : "x." + host.name()));
        List<Route> found = new ArrayList<>();
        for (String host : hosts) {
            TableEntry entry = found.size() < MOST_ELSEWHERE ? table.find(host, path, request) : null;
            if (entry != null && !found.contains(entry.route())) {
                found.add(entry.route());
            }
        }
        return found;
    }
}

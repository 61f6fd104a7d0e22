package dev.pointsman.balancer.plan;

import dev.pointsman.balancer.route.RecentRequest;
import dev.pointsman.balancer.route.RequestMatch;
import dev.pointsman.balancer.route.Route;
import dev.pointsman.balancer.route.RouteLookup.RoutedFacts;
import dev.pointsman.balancer.route.RouteLookup.TableEntry;
import dev.pointsman.balancer.route.RouteTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a table would do with a request of which host, method and path are known, and of its fields and its query only what the
 * conditions of the route say that it took. Immutable.
 *
 * @param route the route that takes it, if none of {@code before} does; null for none
 * @param before routes that would be tried before it, and of whose conditions it is not known whether they are met
 */
record Replay(@Nullable Route route, List<Route> before) {
    Replay {
        before = List.copyOf(before);
    }

    static Replay of(RouteTable table, RecentRequest request) {
        List<Route> before = new ArrayList<>();
        for (TableEntry each : table.candidates(request.host(), request.path())) {
            switch (verdict(each.route().key().match(), request)) {
                case UNMET -> {
                    // Passed over, as it was or would have been.
                }
                case UNKNOWN -> before.add(each.route());
                case MET -> {
                    // Where nothing is in doubt, the table has the word.
                    return new Replay(before.isEmpty() ? found(table, request) : each.route(), before);
                }
            }
        }
        return new Replay(null, before);
    }

    private static @Nullable Route found(RouteTable table, RecentRequest request) {
        TableEntry entry = table.find(request.host(), request.path(), new KnownFacts(request));
        return entry == null ? null : entry.route();
    }

    private enum ConditionVerdict {
        MET,
        UNMET,
        UNKNOWN
    }

    private static ConditionVerdict verdict(RequestMatch match, RecentRequest request) {
        if (!match.methods().isEmpty() && !match.methods().contains(request.method())) {
            return ConditionVerdict.UNMET;
        }
        RequestMatch met = metBy(request);
        return worse(compare(match.headers(), met.headers()), compare(match.query(), met.query()));
    }

    private static RequestMatch metBy(RecentRequest request) {
        Route taken = request.route();
        return taken == null ? RequestMatch.ANY : taken.key().match();
    }

    private static ConditionVerdict compare(Map<String, String> wanted, Map<String, String> met) {
        ConditionVerdict worst = ConditionVerdict.MET;
        for (Map.Entry<String, String> each : wanted.entrySet()) {
            String known = met.get(each.getKey());
            ConditionVerdict one = known == null
                    ? ConditionVerdict.UNKNOWN
                    : known.equals(each.getValue()) ? ConditionVerdict.MET : ConditionVerdict.UNMET;
            worst = worse(worst, one);
        }
        return worst;
    }

    private static ConditionVerdict worse(ConditionVerdict one, ConditionVerdict other) {
        if (one == ConditionVerdict.UNMET || other == ConditionVerdict.UNMET) {
            return ConditionVerdict.UNMET;
        }
        return one == ConditionVerdict.UNKNOWN ? one : other;
    }

    /** The facts that are known. */
    private record KnownFacts(RecentRequest request) implements RoutedFacts {
        @Override
        public String method() {
            return request.method();
        }

        @Override
        public @Nullable String header(String name) {
            return metBy(request).headers().get(name);
        }

        @Override
        public @Nullable String queryParameter(String name) {
            return metBy(request).query().get(name);
        }
    }
}

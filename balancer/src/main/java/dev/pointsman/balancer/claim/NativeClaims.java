package dev.pointsman.balancer.claim;

import dev.pointsman.balancer.config.TagRouteReader;
import dev.pointsman.balancer.config.TagRouteReader.TagRoute;
import dev.pointsman.balancer.route.ClaimTarget;
import dev.pointsman.balancer.route.RouteFilters;
import dev.pointsman.balancer.route.RouteOrigin.RouteSource;
import dev.pointsman.registry.Instance;
import java.util.ArrayList;
import java.util.List;

/** The reader of announcements in our own language: tags {@code pointsman.route=...}, and the same in the metadata. */
final class NativeClaims {
    /** What our tags begin with. */
    static final String PREFIX = "pointsman.route=";

    /** The key in the metadata; its value may have several announcements with white space between them. */
    static final String META = "pointsman-route";

    private final TagRouteReader reader;
    private final ClaimTable table;

    NativeClaims(TagRouteReader reader, ClaimTable table) {
        this.reader = reader;
        this.table = table;
    }

    void read(Instance instance) {
        for (String tag : instance.tags()) {
            String text = tag.strip();
            if (text.startsWith(PREFIX)) {
                read(instance, text, text.substring(PREFIX.length()));
            }
        }
        String meta = instance.meta().getOrDefault(META, "").strip();
        if (!meta.isEmpty()) {
            for (String text : meta.split("\\s+", -1)) {
                read(instance, META + "=" + text, text);
            }
        }
    }

    private void read(Instance instance, String tag, String text) {
        List<String> problems = new ArrayList<>();
        TagRoute route = reader.read(text, problems);
        problems.forEach(problem -> table.problem(instance, tag, problem));
        if (route == null || !table.admits(route.key(), instance, tag)) {
            return;
        }
        ClaimedRoute claimed = table.route(route.key());
        claimed.announcedBy(instance.service(), RouteSource.TAGS);
        RouteFilters filters = route.options().filters();
        if (filters != null && filters.redirect() != null) {
            claimed.redirect(route.options(), () -> table.problem(instance, tag, ClaimedRoute.IGNORED_REDIRECT));
            return;
        }
        ClaimTarget target = new ClaimTarget(PREFIX + route.key() + route.variant());
        Integer weight = route.weight();
        if (weight == null) {
            claimed.add(target, route.options(), instance);
        } else {
            claimed.add(target, route.options(), instance, weight);
        }
    }
}

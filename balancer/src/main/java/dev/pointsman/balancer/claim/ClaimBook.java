package dev.pointsman.balancer.claim;

import dev.pointsman.balancer.claim.ClaimConflict.Claimant;
import dev.pointsman.balancer.config.TagRouteReader;
import dev.pointsman.balancer.fabio.FabioDocument;
import dev.pointsman.balancer.route.ClaimTarget;
import dev.pointsman.balancer.route.Route;
import dev.pointsman.registry.Instance;
import dev.pointsman.registry.InstanceKey;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The book of what instances announce: makes the routes of it, and remembers since when each service has announced each of
 * them. Every announcement holds for its own instance alone, so that through a change of a service's tags, instance by
 * instance, the old routes and the new ones are served; a bad one has no effect and touches no other. Not thread-safe.
 */
public final class ClaimBook {
    private final InstantSource clock;
    private Map<Claim, Instant> since = Map.of();

    /** A service that announces a route. */
    private record Claim(String key, String service) {}

    /** An empty book. */
    public ClaimBook(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Reads what instances announce.
     *
     * @param instances all that announce anything, whatever their health; others do not matter
     * @param documents fabio's documents in the KV, in the order of their keys, whose commands act on the announcements in its
     *     language; they count only where these do
     */
    public Claims read(ClaimOptions options, Collection<Instance> instances, List<FabioDocument> documents) {
        List<Instance> sorted =
                instances.stream().sorted(Comparator.comparing(Instance::key)).toList();
        ClaimTable table = new ClaimTable(options.fence(), options.protectedRoutes());
        NativeClaims own = new NativeClaims(new TagRouteReader(options.defaults()), table);
        sorted.forEach(own::read);
        List<String> documentProblems = List.of();
        if (options.fabioTags()) {
            FabioClaims fabio = new FabioClaims(options, table);
            fabio.read(sorted, documents);
            documentProblems = fabio.documentProblems();
        }
        Map<ClaimTarget, List<Instance>> feeds = new LinkedHashMap<>();
        List<Route> routes = new ArrayList<>();
        table.routes().forEach((key, route) -> routes.add(route.build(feeds::put)));
        return new Claims(
                routes,
                feeds,
                table.problems(),
                table.fenced(),
                table.overruled(),
                documentProblems,
                conflicts(table.claimants()));
    }

    private List<ClaimConflict> conflicts(Map<String, Map<String, Set<InstanceKey>>> claimants) {
        Instant now = clock.instant();
        Map<Claim, Instant> seen = new HashMap<>();
        List<ClaimConflict> conflicts = new ArrayList<>();
        claimants.forEach((key, services) -> {
            List<Claimant> all = new ArrayList<>();
            services.forEach((service, instances) -> {
                Claim claim = new Claim(key, service);
                Instant first = since.getOrDefault(claim, now);
                seen.put(claim, first);
                all.add(new Claimant(service, first, instances.size()));
            });
            if (all.size() > 1) {
                all.sort(Comparator.comparing(Claimant::since).thenComparing(Claimant::service));
                conflicts.add(new ClaimConflict(key, all));
            }
        });
        since = Map.copyOf(seen);
        return conflicts;
    }
}

package dev.pointsman.balancer.claim;

import dev.pointsman.balancer.route.RouteKey;
import dev.pointsman.registry.Instance;
import dev.pointsman.registry.InstanceKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What was announced, and what is wrong with it, while the announcements are read. Not thread-safe. */
final class ClaimTable {
    private final TagFence fence;
    private final ProtectedRoutes protectedRoutes;
    private final Map<RouteKey, ClaimedRoute> routes = new LinkedHashMap<>();
    private final List<ClaimProblem> problems = new ArrayList<>();
    private final List<ClaimProblem> fenced = new ArrayList<>();
    private final List<ClaimProblem> overruled = new ArrayList<>();

    /** By host and path, in whatever language, the services with their instances. */
    private final Map<String, Map<String, Set<InstanceKey>>> claimants = new TreeMap<>();

    ClaimTable(TagFence fence, ProtectedRoutes protectedRoutes) {
        this.fence = fence;
        this.protectedRoutes = protectedRoutes;
    }

    void problem(Instance instance, String tag, String problem) {
        problems.add(ClaimProblem.of(instance, tag, problem));
    }

    /** Whether an instance may announce a route; if not, that is noted. */
    boolean admits(RouteKey key, Instance instance, String tag) {
        String expected = fence.expected(key);
        if (expected != null) {
            fenced.add(ClaimProblem.of(
                    instance, tag, "\"" + nameOf(key) + "\" is outside of tag-routes (expected: " + expected + ")"));
            return false;
        }
        String refusal = protectedRoutes.refusal(key, fence);
        if (refusal != null) {
            overruled.add(ClaimProblem.of(instance, tag, refusal));
            return false;
        }
        claimants
                .computeIfAbsent(nameOf(key), name -> new TreeMap<>())
                .computeIfAbsent(instance.service(), service -> new HashSet<>())
                .add(instance.key());
        return true;
    }

    private static String nameOf(RouteKey key) {
        return key.host() + key.path();
    }

    ClaimedRoute route(RouteKey key) {
        return routes.computeIfAbsent(key, ClaimedRoute::new);
    }

    Map<RouteKey, ClaimedRoute> routes() {
        return routes;
    }

    List<ClaimProblem> problems() {
        return problems;
    }

    List<ClaimProblem> fenced() {
        return fenced;
    }

    List<ClaimProblem> overruled() {
        return overruled;
    }

    Map<String, Map<String, Set<InstanceKey>>> claimants() {
        return claimants;
    }
}

package dev.pointsman.balancer.claim;

import dev.pointsman.balancer.route.ClaimTarget;
import dev.pointsman.balancer.route.Route;
import dev.pointsman.registry.Instance;
import java.util.List;
import java.util.Map;

/**
 * What all instances announce at one moment. Immutable, thread-safe. Two of the same announcements are equal, so that a table
 * has to be made only where {@link #routes} differ.
 *
 * @param routes the routes, of both languages, each key once. A route has a branch for each set of options that instances
 *     announce it with; its weights are by the instances that take traffic
 * @param instances the instances of each target, whatever their health, sorted by their keys; with the weights that their
 *     tags give them in place of the registry's
 * @param problems what has no effect, or not all that it asks for; each is worth a warning once
 * @param fenced what is outside of the fence, and therefore has no effect
 * @param overruled what would replace a route of the configuration that lets only some in, and therefore has no effect
 * @param documentProblems a sentence for each command of fabio's documents that has no effect
 * @param conflicts the routes that several services announce
 */
public record Claims(
        List<Route> routes,
        Map<ClaimTarget, List<Instance>> instances,
        List<ClaimProblem> problems,
        List<ClaimProblem> fenced,
        List<ClaimProblem> overruled,
        List<String> documentProblems,
        List<ClaimConflict> conflicts) {
    /** Nothing. */
    public static final Claims NONE =
            new Claims(List.of(), Map.of(), List.of(), List.of(), List.of(), List.of(), List.of());

    public Claims {
        routes = List.copyOf(routes);
        instances = Map.copyOf(instances);
        problems = List.copyOf(problems);
        fenced = List.copyOf(fenced);
        overruled = List.copyOf(overruled);
        documentProblems = List.copyOf(documentProblems);
        conflicts = List.copyOf(conflicts);
    }
}

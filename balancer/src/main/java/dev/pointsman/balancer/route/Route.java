package dev.pointsman.balancer.route;

import dev.pointsman.canary.UserKey;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A route: the requests of a key go to the instances of its branches. Immutable.
 *
 * @param key which requests
 * @param branches where they go: nearly always one; none if the route answers itself, as one that redirects does
 * @param options what is special about it, where a branch does not say otherwise
 * @param origin where it was written down
 * @param splitBy what keeps a user to a branch, where there are several; null (the default) for shares of requests
 */
public record Route(
        RouteKey key,
        List<Branch> branches,
        RouteOptions options,
        RouteOrigin origin,
        @Nullable UserKey splitBy) {
    public Route {
        branches = List.copyOf(branches);
    }

    /** A route whose branches get shares of the requests, whoever's they are. */
    public Route(RouteKey key, List<Branch> branches, RouteOptions options, RouteOrigin origin) {
        this(key, branches, options, origin, null);
    }

    /** A route with one branch that has the route's options. */
    public Route(RouteKey key, Target target, RouteOptions options, RouteOrigin origin) {
        this(key, List.of(new Branch(target, 1, options)), options, origin);
    }

    /** A route from a path of any host to a tag. */
    public Route(String path, String tag, RouteOptions options) {
        this(RouteKey.ofPath(path), new TagTarget(tag), options, RouteOrigin.DEFAULT);
    }

    /** A route from a path of any host to a tag, with default options. */
    public Route(String path, String tag) {
        this(path, tag, RouteOptions.DEFAULT);
    }

    /** The path of the key. */
    public String prefix() {
        return key.path();
    }

    /** Its options and those of its branches. */
    public Stream<RouteOptions> allOptions() {
        return Stream.concat(Stream.of(options), branches.stream().map(Branch::options));
    }

    /** Whether some of its requests are for some users or addresses alone. */
    boolean isGuarded() {
        return allOptions().map(RouteOptions::filters).anyMatch(filters -> filters != null && filters.isGuard());
    }

    /** Where it leads to, for people. */
    public String describeTarget() {
        return branches.stream()
                .map(branch -> branches.size() == 1
                        ? branch.target().name()
                        : branch.weight() + " " + branch.target().name())
                .collect(Collectors.joining(", "));
    }
}

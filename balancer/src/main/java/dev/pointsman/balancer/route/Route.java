package dev.pointsman.balancer.route;

import dev.pointsman.canary.UserKey;
import java.util.List;
import java.util.stream.Collectors;
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

    /** Where it leads to, for people. */
    public String describeTarget() {
        return branches.stream()
                .map(branch -> branches.size() == 1
                        ? branch.target().name()
                        : branch.weight() + " " + branch.target().name())
                .collect(Collectors.joining(", "));
    }

    /** The prefix that {@link #forwarded} removes, or null if it removes none. */
    public @Nullable String strippedPrefix() {
        return options.stripPrefix() && prefix().length() > 1 ? prefix() : null;
    }

    /**
     * The target as it is forwarded: as it was sent, but for the prefixes that the options take off or put before it.
     *
     * @param originForm path and query as sent
     * @param path the path in normal form, which this route matched
     */
    public String forwarded(String originForm, String path) {
        String stripped = strippedPrefix() == null ? originForm : strip(originForm, path);
        return options.addPrefix().isEmpty() ? stripped : options.addPrefix() + stripped;
    }

    private String strip(String originForm, String path) {
        // Where the prefix is spelled in another way than the route's, only the normal form tells where it ends.
        String rest = startsWithPrefix(originForm)
                ? originForm.substring(prefix().length())
                : path.substring(prefix().length()) + query(originForm);
        return oneSlashThen(rest);
    }

    /**
     * The rest behind exactly one slash: two would begin an authority for some readers (RFC 3986, 4.2), and browsers take a
     * backslash for one.
     */
    private static String oneSlashThen(String rest) {
        int start = 0;
        while (start < rest.length() && (rest.charAt(start) == '/' || rest.charAt(start) == '\\')) {
            start++;
        }
        return start == 1 && rest.charAt(0) == '/' ? rest : "/" + rest.substring(start);
    }

    private boolean startsWithPrefix(String originForm) {
        if (!originForm.startsWith(prefix())) {
            return false;
        }
        int end = prefix().length();
        boolean wholeSegments =
                originForm.length() == end || originForm.charAt(end) == '/' || originForm.charAt(end) == '?';
        // A dot segment further on could lead back out of the prefix.
        return wholeSegments && !originForm.contains("/.") && !originForm.contains("/%2");
    }

    private static String query(String originForm) {
        int start = originForm.indexOf('?');
        return start < 0 ? "" : originForm.substring(start);
    }
}

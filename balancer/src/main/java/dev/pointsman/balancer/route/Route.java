package dev.pointsman.balancer.route;

/**
 * A route: requests to paths with a prefix go to the instances of a target.
 *
 * @param prefix a path that starts with {@code /} and does not end with one, unless it is {@code /} itself
 * @param target the tag (or service name) whose instances respond
 * @param options what is special about it
 */
public record Route(String prefix, String target, RouteOptions options) {
    /** Accepts a prefix with or without a slash at its end, which makes no difference. */
    public Route {
        while (prefix.length() > 1 && prefix.endsWith("/")) {
            prefix = prefix.substring(0, prefix.length() - 1);
        }
        if (!prefix.startsWith("/")) {
            throw new IllegalArgumentException("prefix: \"" + prefix + "\" (expected: a path that starts with /)");
        }
        if (target.isBlank()) {
            throw new IllegalArgumentException("target of " + prefix + ": blank (expected: a tag or a service name)");
        }
    }

    /** A route with default options. */
    public Route(String prefix, String target) {
        this(prefix, target, RouteOptions.DEFAULT);
    }
}

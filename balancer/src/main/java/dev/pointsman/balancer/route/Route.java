package dev.pointsman.balancer.route;

/**
 * One rule of where requests go.
 *
 * @param prefix a path that starts with {@code /} and does not end with one, unless it is {@code /} itself
 * @param target the tag (or service name) whose instances answer
 */
public record Route(String prefix, String target) {
    /** Takes the prefix as people write it: a slash at its end means nothing. */
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
}

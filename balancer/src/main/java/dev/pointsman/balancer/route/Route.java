package dev.pointsman.balancer.route;

import org.jspecify.annotations.Nullable;

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

    /** The prefix that {@link #forwarded} removes, or null if it removes none. */
    public @Nullable String strippedPrefix() {
        return options.stripPrefix() && prefix.length() > 1 ? prefix : null;
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
                ? originForm.substring(prefix.length())
                : path.substring(prefix.length()) + query(originForm);
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
        if (!originForm.startsWith(prefix)) {
            return false;
        }
        int end = prefix.length();
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

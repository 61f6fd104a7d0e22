package dev.pointsman.balancer.route;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A redirection in a service's place. Immutable, thread-safe.
 *
 * @param status of the response, a 3xx
 * @param url where to: an http or https URL, or a path of the same host. {@code $host} stands for the requested host with
 *     its port, {@code $path} for the path as it would be forwarded, after {@link PathRewrite}, and {@code $query} for the
 *     query without its question mark. With {@code $path} and no query of its own it gets the request's
 * @param dialect whether all of these count
 */
public record Redirect(int status, String url, RedirectDialect dialect) {
    /** The form of a redirection's URL, in words. */
    public static final String EXPECTED_URL = "an http or https URL, or a path such as /new$path, with $host, $path"
            + " (directly behind the host, or further on) and $query (behind a ?) where they belong";

    private static final String HOST = "$host";
    private static final String PATH = "$path";
    private static final String QUERY = "$query";

    /** The variables that count. */
    public enum RedirectDialect {
        /** All, wherever they stand. */
        NATIVE,
        /** As fabio has them: {@code $host} in the host, {@code $path} in the path, each once. */
        FABIO
    }

    /** Whether a URL can be one of a redirection: no variable of a client's may decide on the host but {@code $host}. */
    public static boolean isUrl(String url) {
        boolean visible =
                url.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '\\' && c != '"' && c != '<' && c != '>');
        int query = url.indexOf('?');
        String beforeQuery = query < 0 ? url : url.substring(0, query);
        if (!visible || beforeQuery.contains(QUERY)) {
            return false;
        }
        if (url.startsWith("/") || url.startsWith(PATH)) {
            return !url.startsWith("//") && !url.startsWith("/" + HOST);
        }
        String authority = authority(url);
        // Any host and any path: only their form is looked at.
        String plain = url.replace(HOST, "host").replace(PATH, "/path").replace(QUERY, "query");
        return authority != null && !authority.isEmpty() && !authority.contains("@") && isHttp(plain);
    }

    private static boolean isHttp(String url) {
        try {
            URI read = new URI(url);
            String scheme = read.getScheme();
            return ("http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme)) && read.getHost() != null;
        } catch (URISyntaxException none) {
            return false;
        }
    }

    private static @Nullable String authority(String url) {
        int scheme = url.indexOf("://");
        if (scheme < 0) {
            return null;
        }
        int end = scheme + 3;
        while (end < url.length() && "/?#".indexOf(url.charAt(end)) < 0 && !url.startsWith(PATH, end)) {
            end++;
        }
        return url.substring(scheme + 3, end);
    }

    /**
     * The value of Location; null where {@link PathRewrite} has none.
     *
     * @param host as requested, valid; empty if there was none
     * @param originForm path and query as sent
     * @param path the path in normal form
     */
    public @Nullable String location(String host, String originForm, String path, PathRewrite rewrite) {
        boolean withPath = url.contains(PATH);
        String target = withPath ? rewrite.applyToRedirect(originForm, path) : originForm;
        if (target == null) {
            return null;
        }
        int mark = target.indexOf('?');
        String query = mark < 0 ? "" : target.substring(mark + 1);
        String newPath = withSlash(mark < 0 ? target : target.substring(0, mark));
        String base = dialect == RedirectDialect.FABIO && isBare() ? url + "/" : url;
        int fragment = base.indexOf('#');
        String place = fragment < 0 ? base : base.substring(0, fragment);
        String to = filled(place, host, newPath, query);
        if (withPath && place.indexOf('?') < 0 && !query.isEmpty()) {
            to += "?" + query;
        }
        return encoded(to + (fragment < 0 ? "" : base.substring(fragment)));
    }

    private boolean isBare() {
        return !url.startsWith("/") && url.indexOf('/', url.indexOf("://") + 3) < 0 && !url.contains(PATH);
    }

    private String filled(String template, String host, String newPath, String query) {
        if (dialect == RedirectDialect.NATIVE) {
            return fillOnce(template, host, newPath, query);
        }
        String authority = authority(template);
        int end = authority == null ? 0 : template.indexOf("://") + 3 + authority.length();
        int mark = template.indexOf('?');
        String inPath = template.substring(end, mark < 0 ? template.length() : mark);
        String first = inPath.contains("/" + PATH) ? "/" + PATH : PATH;
        int at = inPath.indexOf(first);
        String filledPath = at < 0 ? inPath : inPath.substring(0, at) + newPath + inPath.substring(at + first.length());
        int hostAt = template.substring(0, end).indexOf(HOST);
        String filledHost = hostAt < 0
                ? template.substring(0, end)
                : template.substring(0, hostAt) + host + template.substring(hostAt + HOST.length(), end);
        return filledHost + filledPath + (mark < 0 ? "" : template.substring(mark));
    }

    /** Fills in all variables in one pass, so that what a client sends is never taken for one. */
    private static String fillOnce(String template, String host, String newPath, String query) {
        StringBuilder to = new StringBuilder();
        int i = 0;
        while (i < template.length()) {
            if (template.startsWith("/" + PATH, i)) {
                to.append(newPath);
                i += PATH.length() + 1;
            } else if (template.startsWith(PATH, i)) {
                to.append(newPath);
                i += PATH.length();
            } else if (template.startsWith(HOST, i)) {
                to.append(host);
                i += HOST.length();
            } else if (template.startsWith(QUERY, i)) {
                to.append(query);
                i += QUERY.length();
            } else {
                to.append(template.charAt(i++));
            }
        }
        return to.toString();
    }

    /** Behind exactly one slash, since a browser takes two, or a slash and a backslash, for the beginning of a host. */
    private static String withSlash(String path) {
        int start = 0;
        while (start < path.length() && (path.charAt(start) == '/' || path.charAt(start) == '\\')) {
            start++;
        }
        return "/" + path.substring(start);
    }

    /** Only characters that a URL may have: the others are what headers are split with, and what browsers drop or turn. */
    private static String encoded(String to) {
        StringBuilder safe = new StringBuilder(to.length());
        for (int i = 0; i < to.length(); i++) {
            char c = to.charAt(i);
            if (c > ' ' && c < 0x7f && c != '\\' && c != '"' && c != '<' && c != '>') {
                safe.append(c);
            } else {
                safe.append('%').append(HexFormat.of().withUpperCase().toHexDigits((byte) c));
            }
        }
        return safe.toString();
    }

    /** Whether the redirection would lead to where the request already is. */
    public boolean leadsTo(String scheme, String host, String originForm, String location) {
        return location.equals(scheme + "://" + host + originForm) || location.equals(originForm);
    }
}

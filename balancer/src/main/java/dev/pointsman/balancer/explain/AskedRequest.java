package dev.pointsman.balancer.explain;

import dev.pointsman.balancer.http.Cookies;
import dev.pointsman.balancer.http.RequestTarget;
import dev.pointsman.balancer.route.RouteLookup.RoutedFacts;
import dev.pointsman.pool.QueryParameters;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A request that is asked about, and not made.
 *
 * @param method as it would be sent
 * @param host what Host would be; null for none
 * @param target what would stand in the request line
 * @param fields the header fields that are given
 * @param clientAddress the client's address; null if it is not given
 */
public record AskedRequest(
        String method,
        @Nullable String host,
        RequestTarget target,
        HttpHeaders fields,
        @Nullable String clientAddress) implements RoutedFacts {
    /** The form of a URL that is accepted, in words. */
    public static final String EXPECTED_URL = "a URL such as http://shop.example.com/api/x, or a path such as /api/x";

    /** The form of a field, in words. */
    public static final String EXPECTED_FIELD = "a field such as \"X-Version: 2\"";

    private static final String TOKEN = "[A-Za-z0-9!#$%&'*+.^_`|~-]+";

    /**
     * The request of a URL.
     *
     * @param fields each {@code Name: value}; a Host overrules the URL's
     * @param problems takes a sentence for each thing that is wrong
     * @return null if anything is wrong
     */
    public static @Nullable AskedRequest of(
            String url, String method, List<String> fields, @Nullable String clientAddress, List<String> problems) {
        int before = problems.size();
        HttpHeaders read = new DefaultHttpHeaders();
        for (String field : fields) {
            int colon = field.indexOf(':');
            String name = colon < 0 ? "" : field.substring(0, colon).strip();
            String value = field.substring(colon + 1).strip();
            if (!name.matches(TOKEN) || value.chars().anyMatch(c -> c < ' ' && c != '\t')) {
                problems.add("header: \"" + field + "\" (expected: " + EXPECTED_FIELD + ")");
            } else {
                read.add(name, value);
            }
        }
        if (!method.matches(TOKEN)) {
            problems.add("method: \"" + method + "\" (expected: a method such as POST)");
        }
        if (!url.startsWith("/") && !isHttpUrl(url)) {
            problems.add("url: \"" + url + "\" (expected: " + EXPECTED_URL + ")");
        }
        if (problems.size() > before) {
            return null;
        }
        String withoutFragment = url.indexOf('#') < 0 ? url : url.substring(0, url.indexOf('#'));
        RequestTarget target = RequestTarget.of(withoutFragment);
        String host = read.get(HttpHeaderNames.HOST);
        if (host == null && !target.authority().isEmpty()) {
            host = target.authority();
        }
        if (host != null) {
            read.set(HttpHeaderNames.HOST, host);
        }
        return new AskedRequest(method, host, target, read, clientAddress);
    }

    /** Path and query, as they would be sent. */
    public String originForm() {
        return target.originForm();
    }

    /** The path in normal form, by which it is routed. */
    public String path() {
        return target.path();
    }

    private static boolean isHttpUrl(String url) {
        String lower = url.toLowerCase(Locale.ROOT);
        if (!lower.startsWith("http://") && !lower.startsWith("https://")) {
            return false;
        }
        try {
            // What the path and the query hold is judged as a request's would be; a URI may hold less.
            int end = url.indexOf("://") + 3;
            while (end < url.length() && "/?#".indexOf(url.charAt(end)) < 0) {
                end++;
            }
            String authority = new URI(url.substring(0, end) + "/").getRawAuthority();
            return authority != null && authority.indexOf('@') < 0;
        } catch (URISyntaxException noUrl) {
            return false;
        }
    }

    @Override
    public @Nullable String header(String name) {
        return fields.get(name);
    }

    @Override
    public @Nullable String cookie(String name) {
        return Cookies.first(fields, name);
    }

    @Override
    public @Nullable String queryParameter(String name) {
        return QueryParameters.first(target.originForm(), name);
    }
}

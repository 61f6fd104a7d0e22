package dev.pointsman.client.internal.jdk;

import dev.pointsman.client.ServiceAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where a request goes, as its URI says.
 *
 * @param pathAndQuery as it is sent: ASCII, not empty
 */
record ServiceTarget(ServiceAddress address, String pathAndQuery) {
    private static final String SCHEME = "service";
    private static final String DNS_END = ".service.consul";
    private static final String EXPECTED = " (expected: service://NAME/path, http://NAME.service.consul/path or"
            + " http://TAG.NAME.service.consul/path";

    static ServiceTarget of(HttpRequest request) {
        return request instanceof AddressedRequest addressed ? addressed.target() : of(request.uri());
    }

    static ServiceTarget of(URI uri) {
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        String authority = uri.getRawAuthority();
        if (authority == null || !(scheme.equals(SCHEME) || scheme.equals("http") || scheme.equals("https"))) {
            throw refused("'" + uri + "' names no service", null);
        }
        if (authority.indexOf('@') >= 0) {
            throw refused("one with a user in it", null); // not repeated: it may have a password too
        }
        if (!scheme.equals(SCHEME) && !consul(authority)) {
            throw refused(
                    "'" + uri + "' names no service", "this client calls services only; for all else use another");
        }
        if (authority.indexOf(':') >= 0) {
            throw refused("'" + uri + "' has a port", "each instance of a service has its own");
        }
        if (uri.getRawFragment() != null) {
            throw refused("'" + uri + "' has a fragment", "which no request can take along");
        }
        return new ServiceTarget(
                scheme.equals(SCHEME) ? ServiceAddress.of(uri.getAuthority()) : consulAddress(uri, authority),
                pathAndQuery(uri));
    }

    /** The URI of a request to this address. */
    static URI uri(ServiceAddress address, String pathAndQuery) {
        URI uri = null;
        if (pathAndQuery.startsWith("/")) {
            try {
                String tag = address.tag();
                uri = URI.create(SCHEME + "://" + (tag == null ? "" : encoded(tag) + ".") + encoded(address.service())
                        + pathAndQuery);
            } catch (IllegalArgumentException notEncoded) {
                throw refusedPath(pathAndQuery, notEncoded);
            }
        }
        if (uri == null || uri.getRawFragment() != null) {
            throw refusedPath(pathAndQuery, null);
        }
        return uri;
    }

    private static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A");
    }

    static String pathAndQuery(URI uri) {
        URI ascii = uri.toString().chars().allMatch(c -> c < 128) ? uri : URI.create(uri.toASCIIString());
        String path = ascii.getRawPath();
        String query = ascii.getRawQuery();
        return (path == null || path.isEmpty() ? "/" : path) + (query == null ? "" : "?" + query);
    }

    private static boolean consul(String authority) {
        int port = authority.indexOf(':');
        return (port < 0 ? authority : authority.substring(0, port))
                .toLowerCase(Locale.ROOT)
                .endsWith(".consul");
    }

    private static ServiceAddress consulAddress(URI uri, String authority) {
        if (!"http".equalsIgnoreCase(uri.getScheme())) {
            throw refused("'" + uri + "' asks for TLS", "instances are called by plain HTTP");
        }
        String host = authority.toLowerCase(Locale.ROOT);
        if (!host.endsWith(DNS_END)) {
            throw host.contains(".service.")
                    ? refused(
                            "'" + uri + "' names a datacenter", "which datacenters to call is an option of the client")
                    : refused("'" + uri + "' names no service", null);
        }
        String[] labels =
                authority.substring(0, authority.length() - DNS_END.length()).split("\\.", -1);
        boolean records = labels.length == 2 && labels[0].startsWith("_") && labels[1].startsWith("_");
        if (labels.length > 2 || records || labels[0].isEmpty() || labels[labels.length - 1].isEmpty()) {
            throw refused("'" + uri + "' is not that of a service", "tag and name without dots in them");
        }
        return labels.length == 1
                ? ServiceAddress.of(labels[0])
                : ServiceAddress.of(labels[1]).withTag(labels[0]);
    }

    private static IllegalArgumentException refused(String what, @Nullable String hint) {
        return new IllegalArgumentException("uri: " + what + EXPECTED + (hint == null ? "" : "; " + hint) + ")");
    }

    private static IllegalArgumentException refusedPath(String path, @Nullable Throwable cause) {
        return new IllegalArgumentException(
                "path: '" + path + "' (expected: a slash, then a path and perhaps a query, percent-encoded)", cause);
    }
}

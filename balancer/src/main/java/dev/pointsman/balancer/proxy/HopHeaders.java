package dev.pointsman.balancer.proxy;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Fields that concern one connection only and are not passed on (RFC 9110, 7.6.1): the ones known for it, and those
 * that the message's own Connection field names.
 */
final class HopHeaders {
    private static final Set<String> ALWAYS = Set.of(
            "connection",
            "keep-alive",
            // Never standardised, sent all the same.
            "proxy-connection",
            // Between a client and the proxy it knows of; this one asks for no credentials.
            "proxy-authenticate",
            "proxy-authorization",
            "te",
            "trailer",
            // The body's framing is made anew on each connection.
            "transfer-encoding",
            "upgrade");

    /** A client must not be able to have these taken off by naming them in Connection. */
    private static final Set<String> NEVER = Set.of(
            "content-length",
            "host",
            "forwarded",
            "x-forwarded-for",
            "x-forwarded-host",
            "x-forwarded-port",
            "x-forwarded-proto");

    private HopHeaders() {}

    /** Copies what concerns the other side too, in its order, repetitions as they are. */
    static void copyEndToEnd(MultiMap from, MultiMap to) {
        Set<String> named = namedByConnection(from);
        for (Map.Entry<String, String> field : from) {
            String name = field.getKey().toLowerCase(Locale.ROOT);
            if (!ALWAYS.contains(name) && !named.contains(name)) {
                to.add(field.getKey(), field.getValue());
            }
        }
    }

    private static Set<String> namedByConnection(MultiMap fields) {
        List<String> values = fields.getAll(HttpHeaders.CONNECTION);
        if (values.isEmpty()) {
            return Set.of();
        }
        Set<String> names = new HashSet<>();
        for (String value : values) {
            for (String name : value.split(",", -1)) {
                names.add(name.strip().toLowerCase(Locale.ROOT));
            }
        }
        names.removeAll(NEVER);
        return names;
    }
}

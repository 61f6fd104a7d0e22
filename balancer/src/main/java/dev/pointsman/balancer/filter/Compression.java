package dev.pointsman.balancer.filter;

import dev.pointsman.balancer.http.FieldLists;
import dev.pointsman.balancer.route.CompressRule;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.Locale;

/** The decision whether a response is compressed, and the fields that say so. */
public final class Compression {
    /** Fields by which the response as it is could be checked. */
    private static final List<String> CHECKSUMS = List.of("content-md5", "digest", "content-digest", "repr-digest");

    private Compression() {}

    /**
     * Prepares the fields of a response: for a cache they say that the response depends on Accept-Encoding, and if it is to
     * be compressed that it is.
     *
     * @return whether its body is to be compressed
     */
    public static boolean prepare(
            CompressRule rule, FilteredRequest request, boolean bodiless, int status, HttpHeaders fields) {
        if (status == 304) {
            FieldLists.addToList(fields, HttpHeaderNames.VARY, "Accept-Encoding");
            return false;
        }
        boolean suits = status >= 200
                && status != 204
                && status != 205
                && status != 206
                && isWorthIt(rule, fields)
                && mayBeChanged(fields);
        if (!suits) {
            return false;
        }
        FieldLists.addToList(fields, HttpHeaderNames.VARY, "Accept-Encoding");
        if (!AcceptEncoding.takesGzip(FieldLists.words(request.fields(), HttpHeaderNames.ACCEPT_ENCODING))) {
            return false;
        }
        // Of HEAD, too: it is to say of GET what would be true.
        fields.remove(HttpHeaderNames.CONTENT_LENGTH);
        fields.remove(HttpHeaderNames.ACCEPT_RANGES);
        weaken(fields);
        if (bodiless) {
            return false;
        }
        fields.set(HttpHeaderNames.CONTENT_ENCODING, HttpHeaderValues.GZIP);
        return true;
    }

    private static boolean isWorthIt(CompressRule rule, HttpHeaders fields) {
        String length = fields.get(HttpHeaderNames.CONTENT_LENGTH);
        if (length != null && Long.parseLong(length.strip()) < rule.minSize()) {
            return false;
        }
        String value = fields.get(HttpHeaderNames.CONTENT_TYPE);
        if (value == null) {
            return false;
        }
        int parameters = value.indexOf(';');
        String type = (parameters < 0 ? value : value.substring(0, parameters))
                .strip()
                .toLowerCase(Locale.ROOT);
        int slash = type.indexOf('/');
        String all = slash < 0 ? "" : type.substring(0, slash) + "/*";
        return rule.types().contains(type) || rule.types().contains(all);
    }

    private static boolean mayBeChanged(HttpHeaders fields) {
        return !fields.contains(HttpHeaderNames.CONTENT_ENCODING)
                && !fields.contains(HttpHeaderNames.CONTENT_RANGE)
                && CHECKSUMS.stream().noneMatch(fields::contains)
                && !FieldLists.has(fields, HttpHeaderNames.CACHE_CONTROL, "no-transform");
    }

    /** Not the same bytes any more, only the same content (RFC 9110, 8.8.1). */
    private static void weaken(HttpHeaders fields) {
        String tag = fields.get(HttpHeaderNames.ETAG);
        if (tag != null && !tag.startsWith("W/")) {
            fields.set(HttpHeaderNames.ETAG, "W/" + tag);
        }
    }
}

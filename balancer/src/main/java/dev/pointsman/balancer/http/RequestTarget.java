package dev.pointsman.balancer.http;

import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The target of a request (RFC 9112, 3.2).
 *
 * @param originForm path and query as the client sent them, byte for byte: what is forwarded. Only bytes beyond
 *     ASCII, which no target may have and many clients send, are percent-encoded (RFC 3987, 3.1): sent on as they are,
 *     Vert.x would write each as two
 * @param authority the host of an absolute-form target, which then counts instead of the Host field (3.2.2); empty
 *     otherwise
 * @param path the path in normal form, without the query: what routes are matched on
 * @param isAmbiguous whether another reader may take the path for another one, see {@link AmbiguousPath}
 */
public record RequestTarget(String originForm, String authority, String path, boolean isAmbiguous) {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    /** The path as the most lenient programs read it; null where that is as it is routed by. See {@link FoldedPath}. */
    public @Nullable String foldedPath() {
        int query = originForm.indexOf('?');
        return FoldedPath.of(query < 0 ? originForm : originForm.substring(0, query));
    }

    /** Parses the target of a request line, a byte a character. */
    public static RequestTarget of(String given) {
        String uri = encodeBeyondAscii(given);
        String authority = "";
        String originForm = uri;
        int scheme = uri.startsWith("/") ? -1 : uri.indexOf("://");
        if (scheme > 0) {
            int start = scheme + 3;
            int end = start;
            while (end < uri.length() && uri.charAt(end) != '/' && uri.charAt(end) != '?') {
                end++;
            }
            authority = uri.substring(start, end);
            String rest = uri.substring(end);
            originForm = rest.startsWith("/") ? rest : "/" + rest;
        }
        int query = originForm.indexOf('?');
        String path = query < 0 ? originForm : originForm.substring(0, query);
        return NormalPath.isPlain(path)
                ? new RequestTarget(originForm, authority, path, false)
                : new RequestTarget(originForm, authority, NormalPath.of(path), AmbiguousPath.is(path));
    }

    private static boolean isAscii(String uri) {
        for (int i = 0; i < uri.length(); i++) {
            if (uri.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    private static String encodeBeyondAscii(String uri) {
        if (isAscii(uri)) {
            return uri;
        }
        StringBuilder encoded = new StringBuilder(uri.length() + 16);
        for (int i = 0; i < uri.length(); i++) {
            char c = uri.charAt(i);
            if (c < 0x80) {
                encoded.append(c);
            } else {
                encoded.append('%').append(HEX.toHexDigits((byte) c));
            }
        }
        return encoded.toString();
    }
}

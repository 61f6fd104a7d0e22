package dev.pointsman.balancer.downstream.http2;

import dev.pointsman.balancer.http.FieldKind;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One field section of a request, checked while it is read: what is malformed here could be read as something else by an instance
 * (RFC 9113, 8.2 and 8.3). Nothing of it is checked before. The fields are as HTTP/1.1 has them: {@code :authority} as Host, and the
 * crumbs of a Cookie as one.
 */
final class RequestFields {
    private static final long NO_LENGTH = -1;
    private static final String KEEP_ALIVE = "keep-alive";
    private static final String PROXY_CONNECTION = "proxy-connection";
    private static final String CONNECT = "CONNECT";

    private final HttpHeaders fields = newFields();
    private @Nullable String method;
    private @Nullable String scheme;
    private @Nullable String authority;
    private @Nullable String path;
    private @Nullable String protocol;
    private @Nullable String host;
    private @Nullable StringBuilder cookies;
    private long contentLength = NO_LENGTH;
    private boolean pseudoOver;
    private @Nullable String flaw;

    private RequestFields() {}

    /** Fields of the kind that routers of Vert.x take. */
    private static HttpHeaders newFields() {
        return (HttpHeaders) io.vertx.core.http.HttpHeaders.headers();
    }

    /** Reads the head of a request. */
    static RequestFields of(Http2Headers section) {
        RequestFields read = new RequestFields();
        if (section instanceof FieldSection decoded && decoded.hasPseudoBehind()) {
            read.flaw = "a pseudo field behind others";
        }
        for (Map.Entry<CharSequence, CharSequence> field : section) {
            CharSequence name = field.getKey();
            if (read.flaw != null) {
                return read;
            }
            if (!name.isEmpty() && name.charAt(0) == ':') {
                read.pseudo(name.toString(), field.getValue());
            } else {
                read.endOfPseudo();
                read.add(name, field.getValue());
            }
        }
        read.endOfPseudo();
        read.finish();
        return read;
    }

    /** Reads a trailer section. */
    static RequestFields ofTrailers(Http2Headers section) {
        RequestFields read = new RequestFields();
        read.pseudoOver = true;
        for (Map.Entry<CharSequence, CharSequence> field : section) {
            if (read.flaw == null) {
                read.add(field.getKey(), field.getValue());
            }
        }
        return read;
    }

    private void pseudo(String name, CharSequence given) {
        String value = given.toString();
        String before =
                switch (name) {
                    case ":method" -> method;
                    case ":scheme" -> scheme;
                    case ":authority" -> authority;
                    case ":path" -> path;
                    case ":protocol" -> protocol;
                    default -> "";
                };
        if (before != null) {
            flaw = "a pseudo field that is unknown, or there twice";
            return;
        }
        switch (name) {
            case ":method" -> method = value;
            case ":scheme" -> scheme = value;
            case ":authority" -> authority = value;
            case ":path" -> path = value;
            default -> protocol = value;
        }
    }

    /** Checks the pseudo fields (RFC 9113, 8.3.1 and 8.5; RFC 8441, 4), and begins the fields with Host. */
    private void endOfPseudo() {
        if (pseudoOver || flaw != null) {
            return;
        }
        pseudoOver = true;
        String asked = method;
        if (asked == null || !isToken(asked)) {
            flaw = "no :method, or one that is no token";
        } else if (CONNECT.equals(asked) && protocol == null) {
            flaw = scheme != null || path != null || authority == null
                    ? "a CONNECT with other pseudo fields than :authority"
                    : null;
        } else if (protocol != null && (!CONNECT.equals(asked) || authority == null || !isToken(protocol))) {
            flaw = "a :protocol without CONNECT, or without :authority";
        } else if (!"http".equals(scheme) && !"https".equals(scheme)) {
            flaw = "no :scheme, or one that is not http or https";
        } else if (path == null || !isPath(path, asked)) {
            flaw = "no :path, or none of a request";
        }
        if (authority != null && flaw == null) {
            if (isValue(authority)) {
                fields.add(HttpHeaderNames.HOST, authority);
            } else {
                flaw = "an :authority that is none";
            }
        }
    }

    /** Whether it begins with a slash, and is of the characters that a request line of HTTP/1.1 may have there. */
    private static boolean isPath(String path, String method) {
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c <= ' ' || c == 0x7f || c == '#') {
                return false;
            }
        }
        return path.startsWith("/") || (path.equals("*") && method.equals("OPTIONS"));
    }

    private void add(CharSequence name, CharSequence value) {
        if (flaw != null) {
            return;
        }
        if (!isName(name)) {
            flaw = "a field name that is empty, in upper case or no token";
        } else if (!isValue(value)) {
            flaw = "a field value with control characters, or with white space around it";
        } else {
            addValid(name, value);
        }
    }

    private void addValid(CharSequence name, CharSequence value) {
        switch (FieldKind.of(name)) {
            case CONNECTION, TRANSFER_CODING, UPGRADE -> flaw = "a field that concerns a connection of HTTP/1.1";
            case HOP_BY_HOP -> hopByHop(name, value);
            case CONTENT_LENGTH -> length(name, value);
            case HOST -> host(value.toString());
            default -> {
                if (HttpHeaderNames.COOKIE.contentEquals(name)) {
                    crumb(value);
                } else {
                    fields.add(name, value.toString());
                }
            }
        }
    }

    private void hopByHop(CharSequence name, CharSequence value) {
        if (KEEP_ALIVE.contentEquals(name) || PROXY_CONNECTION.contentEquals(name)) {
            flaw = "a field that concerns a connection of HTTP/1.1";
        } else if (HttpHeaderNames.TE.contentEquals(name)
                && !HttpHeaderValues.TRAILERS.contentEqualsIgnoreCase(value)) {
            flaw = "a TE that is not trailers";
        } else {
            fields.add(name, value.toString());
        }
    }

    private void length(CharSequence name, CharSequence value) {
        long bytes = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            bytes = c < '0' || c > '9' || bytes < 0 ? -1 : bytes * 10 + c - '0';
        }
        if (value.isEmpty() || value.length() > 18 || bytes < 0 || contentLength != NO_LENGTH) {
            flaw = "not one Content-Length that is a number";
        } else {
            contentLength = bytes;
            fields.add(name, value.toString());
        }
    }

    /** Takes a Host: where it says the same as :authority it adds nothing, else it is not known who is meant (8.3.1). */
    private void host(String value) {
        boolean first = host == null;
        host = value;
        if (!first || (authority != null && !authority.equalsIgnoreCase(value))) {
            flaw = "a Host that is there twice, or says something else than :authority";
        } else if (authority == null) {
            fields.add(HttpHeaderNames.HOST, value);
        }
    }

    /** Joins the crumbs of a Cookie (RFC 9113, 8.2.3). */
    private void crumb(CharSequence value) {
        StringBuilder joined = cookies;
        if (joined == null) {
            cookies = new StringBuilder(value);
        } else {
            joined.append("; ").append(value);
        }
    }

    private void finish() {
        if (cookies != null) {
            fields.add(HttpHeaderNames.COOKIE, cookies.toString());
        }
    }

    private static boolean isToken(String word) {
        for (int i = 0; i < word.length(); i++) {
            if (!isTokenCharacter(word.charAt(i)) && (word.charAt(i) < 'A' || word.charAt(i) > 'Z')) {
                return false;
            }
        }
        return !word.isEmpty();
    }

    /** Whether it is a name of a field in HTTP/2: a token without capitals (RFC 9113, 8.2.1). */
    private static boolean isName(CharSequence name) {
        for (int i = 0; i < name.length(); i++) {
            if (!isTokenCharacter(name.charAt(i))) {
                return false;
            }
        }
        return !name.isEmpty();
    }

    /** Whether it is a character of a token, and no capital. */
    private static boolean isTokenCharacter(char c) {
        return (c >= 'a' && c <= 'z') || c == '-' || (c >= '0' && c <= '9') || "!#$%&'*+.^_`|~".indexOf(c) >= 0;
    }

    /** Whether it is a value: no control characters but tabs, and no white space at either end (RFC 9110, 5.5). */
    private static boolean isValue(CharSequence value) {
        int length = value.length();
        for (int i = 0; i < length; i++) {
            char c = value.charAt(i);
            if ((c < ' ' && c != '\t') || c == 0x7f) {
                return false;
            }
        }
        return length == 0 || !(isSpace(value.charAt(0)) || isSpace(value.charAt(length - 1)));
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t';
    }

    /** What is wrong with it; null for nothing. */
    @Nullable
    String flaw() {
        return flaw;
    }

    HttpHeaders fields() {
        return fields;
    }

    /** The method; GET where there is none that is valid. */
    String method() {
        String asked = method;
        return asked == null || !isToken(asked) ? "GET" : asked;
    }

    /** The target as HTTP/1.1 would have it in the request line; a stand-in where there is none that is valid. */
    String target() {
        String known = path;
        if (known != null && isPath(known, method())) {
            return known;
        }
        return known == null && flaw == null ? String.valueOf(authority) : "/bad-request";
    }

    /** The protocol that a stream is asked to speak (RFC 8441); null for none. */
    @Nullable
    String protocol() {
        return protocol;
    }

    /** The stated length of the content; -1 if none is stated. */
    long contentLength() {
        return contentLength;
    }
}

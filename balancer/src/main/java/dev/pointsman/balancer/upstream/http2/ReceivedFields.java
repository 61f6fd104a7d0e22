package dev.pointsman.balancer.upstream.http2;

import dev.pointsman.balancer.http.FieldKind;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Map;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * One field section of a response, checked while it is read: what is malformed here could be read as something else behind us
 * (RFC 9113, 8.2 and 8.3). Nothing of it is checked before.
 */
final class ReceivedFields {
    private static final String STATUS = ":status";
    private static final String KEEP_ALIVE = "keep-alive";
    private static final String PROXY_CONNECTION = "proxy-connection";
    private static final int NO_STATUS = 0;
    private static final long NO_LENGTH = -1;

    private int status = NO_STATUS;
    private long contentLength = NO_LENGTH;
    private @Nullable HttpHeaders fields;
    private @Nullable String flaw;

    private ReceivedFields() {}

    /**
     * Reads the head of a response.
     *
     * @param fieldsByStatus where its fields go
     */
    static ReceivedFields ofHead(Http2Headers section, IntFunction<HttpHeaders> fieldsByStatus) {
        ReceivedFields read = new ReceivedFields();
        for (Map.Entry<CharSequence, CharSequence> field : section) {
            if (read.flaw != null) {
                return read;
            }
            CharSequence name = field.getKey();
            if (name.length() > 0 && name.charAt(0) == ':') {
                read.pseudo(name, field.getValue());
            } else if (read.status == NO_STATUS) {
                read.flaw = "a response without :status at its beginning";
            } else {
                if (read.fields == null) {
                    read.fields = fieldsByStatus.apply(read.status);
                }
                read.add(read.fields, name, field.getValue());
            }
        }
        if (read.status == NO_STATUS && read.flaw == null) {
            read.flaw = "a response without :status";
        } else if (read.fields == null) {
            read.fields = fieldsByStatus.apply(read.status);
        }
        return read;
    }

    /**
     * Reads a trailer section.
     *
     * @param into where its fields go
     */
    static ReceivedFields ofTrailers(Http2Headers section, HttpHeaders into) {
        ReceivedFields read = new ReceivedFields();
        read.fields = into;
        for (Map.Entry<CharSequence, CharSequence> field : section) {
            if (read.flaw == null) {
                read.add(into, field.getKey(), field.getValue());
            }
        }
        return read;
    }

    private void pseudo(CharSequence name, CharSequence value) {
        if (fields != null || status != NO_STATUS || !STATUS.contentEquals(name)) {
            flaw = "pseudo fields other than one :status at the beginning";
            return;
        }
        int number = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            number = c < '0' || c > '9' || number < 0 ? -1 : number * 10 + c - '0';
        }
        if (value.length() != 3 || number < 100) {
            flaw = "a :status that is not three digits";
        } else {
            status = number;
        }
    }

    private void add(HttpHeaders to, CharSequence name, CharSequence value) {
        if (!isName(name)) {
            flaw = "a field name that is empty, in upper case or no token";
        } else if (!isValue(value)) {
            flaw = "a field value with control characters, or with white space around it";
        } else if (concernsConnection(name)) {
            flaw = "a field that concerns a connection of HTTP/1.1";
        } else if (HttpHeaderNames.CONTENT_LENGTH.contentEquals(name)) {
            length(to, name, value);
        } else {
            to.add(name, value.toString());
        }
    }

    /** Whether it is one of those that HTTP/2 has no use for (RFC 9113, 8.2.2). */
    private static boolean concernsConnection(CharSequence name) {
        return switch (FieldKind.of(name)) {
            case CONNECTION, TRANSFER_CODING, UPGRADE -> true;
            case HOP_BY_HOP -> KEEP_ALIVE.contentEquals(name) || PROXY_CONNECTION.contentEquals(name);
            default -> false;
        };
    }

    private void length(HttpHeaders to, CharSequence name, CharSequence value) {
        long bytes = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            bytes = c < '0' || c > '9' || bytes < 0 ? -1 : bytes * 10 + c - '0';
        }
        if (value.isEmpty() || value.length() > 18 || bytes < 0 || contentLength != NO_LENGTH) {
            flaw = "not one Content-Length that is a number";
        } else {
            contentLength = bytes;
            to.add(name, value.toString());
        }
    }

    /** Whether it is a name of a field in HTTP/2: a token without capitals (RFC 9113, 8.2.1). */
    private static boolean isName(CharSequence name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean usual = (c >= 'a' && c <= 'z') || c == '-' || (c >= '0' && c <= '9');
            if (!usual && "!#$%&'*+.^_`|~".indexOf(c) < 0) {
                return false;
            }
        }
        return name.length() > 0;
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

    int status() {
        return status;
    }

    /** The stated length of the content; -1 if none is stated. */
    long contentLength() {
        return contentLength;
    }

    /** The fields, the pseudo field left out; null where there is a flaw. */
    @Nullable
    HttpHeaders fields() {
        return fields;
    }
}

package dev.pointsman.http;

import io.netty.util.AsciiString;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The names of header fields as they are read: those that most messages have are always the same object, which is not made
 * anew for each message and knows its hash. Others are made; how a name is written is kept in either case.
 */
public final class FieldNames {
    /** Each also in lower case, which is how most programs behind HTTP/2, and many others, write them. */
    static final List<String> COMMON = List.of(
            "Accept",
            "Accept-Encoding",
            "Accept-Language",
            "Accept-Ranges",
            "Access-Control-Allow-Origin",
            "Age",
            "Authorization",
            "Cache-Control",
            "Connection",
            "Content-Encoding",
            "Content-Language",
            "Content-Length",
            "Content-Security-Policy",
            "Content-Type",
            "Cookie",
            "Date",
            "ETag",
            "Expect",
            "Expires",
            "Forwarded",
            "Host",
            "If-Modified-Since",
            "If-None-Match",
            "Keep-Alive",
            "Last-Modified",
            "Location",
            "Origin",
            "Pragma",
            "Priority",
            "Range",
            "Referer",
            "Sec-Fetch-Dest",
            "Sec-Fetch-Mode",
            "Sec-Fetch-Site",
            "Server",
            "Set-Cookie",
            "Strict-Transport-Security",
            "Transfer-Encoding",
            "Upgrade",
            "User-Agent",
            "Vary",
            "Via",
            "X-Content-Type-Options",
            "X-Forwarded-For",
            "X-Forwarded-Host",
            "X-Forwarded-Port",
            "X-Forwarded-Proto",
            "X-Frame-Options",
            "X-Powered-By",
            "X-Request-Id",
            "traceparent",
            "tracestate");

    private static final AsciiString[] TABLE = table();

    private FieldNames() {}

    private static AsciiString[] table() {
        AsciiString[] table = new AsciiString[4096];
        for (String name : COMMON) {
            for (String written : List.of(name, name.toLowerCase(Locale.ROOT))) {
                AsciiString known = AsciiString.cached(written);
                table[place(known.array(), 0, known.length())] = known;
            }
        }
        return table;
    }

    private static int place(byte[] line, int start, int length) {
        // The factors were searched for: no two of the common names have one place.
        byte middle = line[start + length / 2];
        byte later = line[start + Math.max(0, length - 2)];
        byte last = line[start + length - 1];
        return (length * 17 + line[start] * 67 + middle * 31 + later * 127 + last * 195) & 4095;
    }

    /**
     * The name at a place in a head, as it is written there.
     *
     * @param length in bytes, at least 1
     */
    public static AsciiString of(byte[] head, int start, int length) {
        AsciiString known = TABLE[place(head, start, length)];
        return known != null && Arrays.equals(known.array(), 0, known.length(), head, start, start + length)
                ? known
                : new AsciiString(head, start, length, true);
    }
}

package dev.pointsman.balancer.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.List;

/** The names in a message's Connection field: of fields that concern this connection only (RFC 9110, 7.6.1). */
public final class ConnectionField {
    private ConnectionField() {}

    /** The fields that are not forwarded because Connection names them; nearly always none. */
    public static List<String> named(HttpHeaders fields) {
        if (!fields.contains(HttpHeaderNames.CONNECTION)) {
            return List.of();
        }
        List<String> values = fields.getAll(HttpHeaderNames.CONNECTION);
        return values.size() == 1 && isUsual(values.get(0)) ? List.of() : parse(values);
    }

    /** Whether a value of the field is one of those that name no other field, as nearly all are. */
    static boolean isUsual(CharSequence value) {
        return "keep-alive".contentEquals(value) || "close".contentEquals(value) || "Upgrade".contentEquals(value);
    }

    private static List<String> parse(List<String> values) {
        List<String> named = new ArrayList<>();
        for (String value : values) {
            for (String token : value.split(",", -1)) {
                String name = token.strip();
                if (!name.isEmpty() && FieldKind.of(name).mayBeNamedByConnection()) {
                    named.add(name);
                }
            }
        }
        return named;
    }

    /** Whether a field is among those named, without regard to case. */
    public static boolean isNamed(List<String> named, CharSequence field) {
        for (String name : named) {
            if (AsciiString.contentEqualsIgnoreCase(name, field)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the field has this token, in any of its lines. */
    public static boolean has(HttpHeaders fields, CharSequence token) {
        return fields.containsValue(HttpHeaderNames.CONNECTION, token, true);
    }
}

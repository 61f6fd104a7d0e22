package dev.pointsman.balancer.config;

import dev.pointsman.settings.Form;
import dev.pointsman.settings.Form.FormKind;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The header fields that say where a request came from. */
public enum ForwardedFields {
    /** X-Forwarded-For, -Proto, -Host and -Port: no standard, and what nearly all programs read. The default. */
    X_FORWARDED,
    /** The one Forwarded field of RFC 7239. */
    RFC7239,
    /** The X-Forwarded-* fields and Forwarded. */
    BOTH;

    /** The form in settings. */
    static final Form<ForwardedFields> FORM = new Form<>(
            FormKind.CHOICE,
            "FIELDS",
            "x-forwarded, rfc7239 or both",
            null,
            null,
            List.of("x-forwarded", "rfc7239", "both"),
            ForwardedFields::parse,
            fields -> fields.name().toLowerCase(Locale.ROOT).replace('_', '-'));

    /** Whether the X-Forwarded-* fields are written. */
    public boolean xForwarded() {
        return this != RFC7239;
    }

    /** Whether Forwarded is written. */
    public boolean rfc7239() {
        return this != X_FORWARDED;
    }

    private static @Nullable ForwardedFields parse(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "x-forwarded" -> X_FORWARDED;
            case "rfc7239" -> RFC7239;
            case "both" -> BOTH;
            default -> null;
        };
    }
}

package dev.pointsman.balancer.config;

import dev.pointsman.settings.Form;

/** The header fields that say where a request came from. */
public enum ForwardedFields {
    /** X-Forwarded-For, -Proto, -Host and -Port: no standard, and what nearly all programs read. The default. */
    X_FORWARDED,
    /** The one Forwarded field of RFC 7239. */
    RFC7239,
    /** The X-Forwarded-* fields and Forwarded. */
    BOTH;

    /** The form in settings. */
    static final Form<ForwardedFields> FORM =
            Form.choice("FIELDS", "x-forwarded, rfc7239 or both", ForwardedFields.class);

    /** Whether the X-Forwarded-* fields are written. */
    public boolean xForwarded() {
        return this != RFC7239;
    }

    /** Whether Forwarded is written. */
    public boolean rfc7239() {
        return this != X_FORWARDED;
    }
}

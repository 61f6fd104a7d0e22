package dev.pointsman.balancer.accesslog;

import dev.pointsman.balancer.observe.MaskedNames;
import dev.pointsman.balancer.observe.ObservedConnection;
import dev.pointsman.balancer.observe.ObservedRequest;

/** What the lines of an access log look like. Immutable, thread-safe. */
public abstract class LineFormat {
    /** The name of {@link #json}. */
    public static final String JSON = "json";

    /** The name of the combined format of Apache and nginx. */
    public static final String COMBINED = "combined";

    private static final String COMBINED_TEMPLATE =
            "{client} - - [{time-common}] \"{method} {uri} {protocol}\" {status}"
                    + " {response-bytes} \"{>Referer}\" \"{>User-Agent}\"";

    LineFormat() {}

    /**
     * The format that a text names or is.
     *
     * @param text {@value #COMBINED}, {@value #JSON}, or a template with placeholders in braces
     * @param masked whose values are not written
     * @throws BadTemplateException if it is neither
     */
    public static LineFormat of(String text, MaskedNames masked) throws BadTemplateException {
        return switch (text) {
            case COMBINED -> TemplateFormat.parse(COMBINED_TEMPLATE, masked);
            case JSON -> json(masked);
            default -> TemplateFormat.parse(text, masked);
        };
    }

    /** The format of one JSON object for each line. */
    public static LineFormat json(MaskedNames masked) {
        return new JsonFormat(masked);
    }

    /** Writes all of a line but its end. */
    abstract void write(Line line, ObservedRequest request);

    /** The same of a connection of TCP, which has none of what only requests have. */
    abstract void write(Line line, ObservedConnection connection);
}

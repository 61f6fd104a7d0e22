package dev.pointsman.balancer.accesslog;

import java.util.Collection;
import java.util.List;

/** Thrown when a text is no format of lines. The message says what it is instead, without a full stop. */
public final class BadTemplateException extends Exception {
    private static final long serialVersionUID = 1;

    private final String given;
    private final transient List<String> known;

    BadTemplateException(String what) {
        this(what, "", List.of());
    }

    /**
     * Of a name that is not known.
     *
     * @param given the name
     * @param known those that could have been meant
     */
    BadTemplateException(String what, String given, Collection<String> known) {
        super(what);
        this.given = given;
        this.known = List.copyOf(known);
    }

    /** The name that is not known; empty if that is not what is wrong. */
    public String given() {
        return given;
    }

    /** The names that could have been meant. */
    public List<String> known() {
        return known;
    }
}

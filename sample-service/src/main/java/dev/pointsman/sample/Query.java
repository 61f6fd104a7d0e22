package dev.pointsman.sample;

import io.vertx.core.http.HttpServerRequest;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A parser of a query string's parameters. */
final class Query {
    private Query() {}

    /**
     * A parameter's number, or its default when it is left out; empty when it is no number, after a 400 was sent.
     *
     * @param most the largest that is allowed; the smallest is 0
     */
    static OptionalLong number(HttpServerRequest request, String name, long otherwise, long most) {
        @Nullable String text = text(request, name);
        if (text == null) {
            return OptionalLong.of(otherwise);
        }
        // 18 digits always fit into a long.
        if (text.matches("[0-9]{1,18}") && Long.parseLong(text) <= most) {
            return OptionalLong.of(Long.parseLong(text));
        }
        SampleHandler.respond(request, 400, name + ": " + text + " (expected: a whole number from 0 to " + most + ")");
        return OptionalLong.empty();
    }

    /** The parameter's value, or null when there is none; a query that cannot be decoded stays as it is. */
    static @Nullable String text(HttpServerRequest request, String name) {
        try {
            return request.getParam(name);
        } catch (IllegalArgumentException badPercentSign) {
            return request.query();
        }
    }
}

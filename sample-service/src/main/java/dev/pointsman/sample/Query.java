package dev.pointsman.sample;

import io.vertx.core.http.HttpServerRequest;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Numbers out of a query string. */
final class Query {
    private Query() {}

    /**
     * The number, or what it is when left out; empty when it is none, and then the client has its 400.
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

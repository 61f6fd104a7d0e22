package dev.pointsman.client;

import java.util.function.BiConsumer;

/**
 * A source of header fields that every call takes along: the trace that it belongs to, most of all. With OpenTelemetry:
 *
 * <pre>{@code
 * TextMapPropagator propagator = openTelemetry.getPropagators().getTextMapPropagator();
 * options.withContextFields(set -> propagator.inject(Context.current(), set, BiConsumer::accept));
 * }</pre>
 */
@FunctionalInterface
public interface ContextFields {
    /** No fields. */
    ContextFields NONE = set -> {};

    /**
     * Sets the fields of a call. Called once for each call, on the thread that makes it, before the first attempt; must not block.
     * What it throws makes the call fail. A field that the request has already stays as it is.
     *
     * @param set takes a field's name and its value
     */
    void inject(BiConsumer<String, String> set);
}

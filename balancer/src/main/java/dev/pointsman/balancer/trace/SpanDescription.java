package dev.pointsman.balancer.trace;

import io.opentelemetry.api.common.Attributes;
import org.jspecify.annotations.Nullable;

/**
 * What a span says.
 *
 * @param isError whether what it tells of failed
 * @param reason why, in a sentence; null where the attributes say it, or it did not fail
 */
record SpanDescription(
        String name,
        Attributes attributes,
        boolean isError,
        @Nullable String reason) {}

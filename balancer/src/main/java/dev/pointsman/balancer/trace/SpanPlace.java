package dev.pointsman.balancer.trace;

import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;

/**
 * The place of a span in its trace.
 *
 * @param parent an invalid one for none
 */
record SpanPlace(String traceId, String spanId, SpanContext parent, SpanKind kind) {}

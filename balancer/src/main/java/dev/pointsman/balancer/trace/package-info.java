/**
 * Requests as traces: the W3C's Trace Context in their fields, and OpenTelemetry's spans of those that are recorded, which go
 * to a collector.
 */
@NullMarked
package dev.pointsman.balancer.trace;

import org.jspecify.annotations.NullMarked;

package dev.pointsman.balancer.accesslog;

import dev.pointsman.balancer.observe.ObservedRequest;

/** One thing that a line can say of a request. Stateless. */
@FunctionalInterface
interface LineField {
    /** Writes its value, of a request that is over, to its line. */
    void write(Line line, ValueStyle style, ObservedRequest request);
}

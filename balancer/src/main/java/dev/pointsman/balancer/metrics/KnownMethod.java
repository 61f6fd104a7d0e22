package dev.pointsman.balancer.metrics;

import java.util.HashMap;
import java.util.Map;

/**
 * The request methods that are told apart: those of RFC 9110 and PATCH of RFC 5789. A client may send any other word as a
 * method, and each would be a series of its own.
 */
public enum KnownMethod {
    GET,
    HEAD,
    POST,
    PUT,
    PATCH,
    DELETE,
    OPTIONS,
    TRACE,
    CONNECT,
    /** Any other. */
    OTHER;

    private static final Map<String, KnownMethod> BY_NAME = new HashMap<>();

    static {
        for (KnownMethod method : values()) {
            if (method != OTHER) {
                BY_NAME.put(method.name(), method);
            }
        }
    }

    /** The method of this name, whose case counts (RFC 9110, 9.1). */
    public static KnownMethod of(String name) {
        return BY_NAME.getOrDefault(name, OTHER);
    }

    /** The value of the label, by OpenTelemetry's conventions. */
    public String label() {
        return this == OTHER ? "_OTHER" : name();
    }
}

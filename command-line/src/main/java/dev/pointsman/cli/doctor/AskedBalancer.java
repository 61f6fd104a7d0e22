package dev.pointsman.cli.doctor;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What a balancer says of itself; a missing node for what it does not say. Immutable.
 *
 * @param url its admin API
 * @param status {@code /api/status}
 * @param config {@code /api/config}
 * @param routes {@code /api/routes}
 * @param overview {@code /api/overview}
 */
record AskedBalancer(String url, JsonNode status, JsonNode config, JsonNode routes, JsonNode overview) {
    /** By which one that is known by several addresses is known as the same. */
    String startedAt() {
        return status.path("startedAt").asText();
    }
}

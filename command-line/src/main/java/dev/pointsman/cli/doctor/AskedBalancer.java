package dev.pointsman.cli.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;

/**
 * What a balancer says of itself; a missing node for what it does not say. Immutable.
 *
 * @param url its admin API
 * @param trouble why it says nothing; empty if it does
 * @param status {@code /api/status}
 * @param config {@code /api/config}
 * @param routes {@code /api/routes}
 * @param overview {@code /api/overview}
 */
record AskedBalancer(String url, String trouble, JsonNode status, JsonNode config, JsonNode routes, JsonNode overview) {
    /** One that says nothing. */
    static AskedBalancer unreached(String url, String why) {
        JsonNode nothing = MissingNode.getInstance();
        return new AskedBalancer(url, why, nothing, nothing, nothing, nothing);
    }

    /** By which one that is known by several addresses is known as the same. */
    String startedAt() {
        return status.path("startedAt").asText();
    }
}

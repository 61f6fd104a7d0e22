package dev.pointsman.registry.consul.internal.shared;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.pointsman.registry.RegistryException;
import dev.pointsman.registry.RegistryException.Kind;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** A streaming parser of the list of all checks: which there are, and the index at which each was last changed. */
final class ChecksReader {
    private static final JsonFactory JSON = new JsonFactory();

    /** The checks of the last response, so that the names of unchanged ones are not stored twice. */
    private Map<CheckKey, CheckKey> known = Map.of();

    /**
     * Parses a response of {@code /v1/health/state/any}. It has megabytes where there are thousands of instances, so no tree
     * is made of it.
     */
    Map<CheckKey, Long> read(Buffer body) throws RegistryException {
        Map<CheckKey, Long> checks = new LinkedHashMap<>();
        Map<CheckKey, CheckKey> keys = new LinkedHashMap<>();
        try (JsonParser json = JSON.createParser(body.getBytes())) {
            if (json.nextToken() != JsonToken.START_ARRAY) {
                throw new RegistryException(Kind.MALFORMED, "the response is not a JSON array of checks");
            }
            while (json.nextToken() == JsonToken.START_OBJECT) {
                check(json, checks, keys);
            }
            if (json.currentToken() != JsonToken.END_ARRAY || json.nextToken() != null) {
                throw new RegistryException(Kind.MALFORMED, "the response is not whole JSON");
            }
        } catch (IOException e) {
            throw new RegistryException(Kind.MALFORMED, "the response is not whole JSON", e);
        }
        known = keys;
        return checks;
    }

    private void check(JsonParser json, Map<CheckKey, Long> checks, Map<CheckKey, CheckKey> keys) throws IOException {
        String node = "";
        String service = "";
        String id = "";
        long index = 0;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            JsonToken value = json.nextToken();
            switch (field) {
                case "Node" -> node = json.getValueAsString("");
                case "ServiceName" -> service = json.getValueAsString("");
                case "CheckID" -> id = json.getValueAsString("");
                case "ModifyIndex" -> index = value.isNumeric() ? json.getLongValue() : 0;
                default -> json.skipChildren();
            }
        }
        CheckKey fresh = new CheckKey(node, service, id);
        CheckKey key = known.getOrDefault(fresh, fresh);
        keys.put(key, key);
        checks.put(key, index);
    }
}

package dev.pointsman.registry.consul.internal.shared;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.pointsman.registry.RegistryException;
import dev.pointsman.registry.RegistryException.Kind;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** A streaming parser of lists of checks: what there are checks of, and a digest of these. */
final class ChecksReader {
    private static final JsonFactory JSON = new JsonFactory();

    private ChecksReader() {}

    /**
     * Parses a response of {@code /v1/health/state/}. It has megabytes where there are thousands of instances, so no tree
     * is made of it.
     */
    static Map<CheckScope, CheckDigest> read(Buffer body) throws RegistryException {
        Map<CheckScope, CheckDigest> checks = new HashMap<>();
        try (JsonParser json = JSON.createParser(body.getBytes())) {
            if (json.nextToken() != JsonToken.START_ARRAY) {
                throw new RegistryException(Kind.MALFORMED, "the response is not a JSON array of checks");
            }
            while (json.nextToken() == JsonToken.START_OBJECT) {
                check(json, checks);
            }
            if (json.currentToken() != JsonToken.END_ARRAY || json.nextToken() != null) {
                throw new RegistryException(Kind.MALFORMED, "the response is not whole JSON");
            }
        } catch (IOException e) {
            throw new RegistryException(Kind.MALFORMED, "the response is not whole JSON", e);
        }
        return checks;
    }

    private static void check(JsonParser json, Map<CheckScope, CheckDigest> checks) throws IOException {
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
        CheckScope scope = CheckScope.of(node, service);
        checks.put(scope, checks.getOrDefault(scope, CheckDigest.NONE).plus(node, id, index));
    }
}

package dev.pointsman.registry.consul;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.pointsman.registry.RegistryException;
import dev.pointsman.registry.RegistryException.Kind;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * A check in Consul.
 *
 * @param node the node that it is on
 * @param service the name of the service that it is about, or empty for one of the node as a whole
 * @param id the check's id, unique on its node
 */
record CheckKey(String node, String service, String id) {
    private static final JsonFactory JSON = new JsonFactory();

    /** What checks there are, and the index at which each was last changed. */
    static final class Reader implements Feed.Reader<CheckKey, Long> {
        /** Of ten thousand checks hardly any is new: the names of the others are not kept twice. */
        private Map<CheckKey, CheckKey> known = Map.of();

        /**
         * Reads an answer of {@code /v1/health/state/any}. It has megabytes where there are thousands of instances, so no tree
         * is made of it.
         */
        @Override
        public Map<CheckKey, Long> read(Buffer body) throws RegistryException {
            Map<CheckKey, Long> checks = new LinkedHashMap<>();
            Map<CheckKey, CheckKey> keys = new LinkedHashMap<>();
            try (JsonParser json = JSON.createParser(body.getBytes())) {
                if (json.nextToken() != JsonToken.START_ARRAY) {
                    throw new RegistryException(Kind.MALFORMED, "the answer is not a JSON array of checks");
                }
                while (json.nextToken() == JsonToken.START_OBJECT) {
                    check(json, checks, keys);
                }
                if (json.currentToken() != JsonToken.END_ARRAY || json.nextToken() != null) {
                    throw new RegistryException(Kind.MALFORMED, "the answer is not whole JSON");
                }
            } catch (IOException e) {
                throw new RegistryException(Kind.MALFORMED, "the answer is not whole JSON", e);
            }
            known = keys;
            return checks;
        }

        private void check(JsonParser json, Map<CheckKey, Long> checks, Map<CheckKey, CheckKey> keys)
                throws IOException {
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

    /** The checks that are there, not there, or changed in one and not in the other. */
    static Set<CheckKey> different(Map<CheckKey, Long> before, Map<CheckKey, Long> now) {
        Set<CheckKey> different = new HashSet<>();
        now.forEach((key, index) -> {
            if (!index.equals(before.get(key))) {
                different.add(key);
            }
        });
        before.keySet().stream().filter(key -> !now.containsKey(key)).forEach(different::add);
        return different;
    }
}

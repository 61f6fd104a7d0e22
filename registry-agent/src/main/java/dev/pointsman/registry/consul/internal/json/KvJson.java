package dev.pointsman.registry.consul.internal.json;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pointsman.registry.KvEntry;
import dev.pointsman.registry.OneLine;
import dev.pointsman.registry.RegistryException;
import dev.pointsman.registry.RegistryException.Kind;
import io.vertx.core.buffer.Buffer;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/** A reader of {@code /v1/kv}: keys with their values. */
public final class KvJson {
    private static final byte[] EMPTY = {};

    private KvJson() {}

    /**
     * The entries of a response by their keys, in its order.
     *
     * @throws RegistryException if it is not such a list as a whole: a key without its value is no setting
     */
    public static Map<String, KvEntry> read(Buffer body) throws RegistryException {
        Map<String, KvEntry> entries = new LinkedHashMap<>();
        ConsulJson.forEach(body.getBytes(), "keys", JsonShape.WHOLE, entry -> {
            KvEntry read = entry(entry);
            entries.put(read.key(), read);
        });
        return entries;
    }

    private static KvEntry entry(JsonNode entry) throws RegistryException {
        String key = ConsulJson.text(entry, "Key");
        JsonNode index = entry.path("ModifyIndex");
        if (key.isEmpty() || !index.isIntegralNumber()) {
            throw new RegistryException(Kind.MALFORMED, "an entry has no " + (key.isEmpty() ? "Key" : "ModifyIndex"));
        }
        // An unsigned 64-bit number; null is how Consul writes an empty value.
        return new KvEntry(
                key, value(key, entry.path("Value")), index.bigIntegerValue().longValue());
    }

    private static byte[] value(String key, JsonNode value) throws RegistryException {
        if (value.isNull() || value.isMissingNode()) {
            return EMPTY;
        }
        try {
            return Base64.getDecoder().decode(value.asText());
        } catch (IllegalArgumentException e) {
            throw new RegistryException(Kind.MALFORMED, "the value of " + OneLine.of(key) + " is not base64", e);
        }
    }
}

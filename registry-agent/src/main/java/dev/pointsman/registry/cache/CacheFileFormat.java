package dev.pointsman.registry.cache;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.pointsman.registry.Health;
import dev.pointsman.registry.Instance;
import dev.pointsman.registry.InstanceKey;
import dev.pointsman.registry.Weights;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The JSON of a cache file, written and parsed. Only what this class itself wrote is read: a file of another version, or one in which
 * anything is missing, is refused as a whole, because half a view is a wrong view.
 */
final class CacheFileFormat {
    static final int VERSION = 1;

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private CacheFileFormat() {}

    /** Thrown when a file cannot be used; the reason is the end of a sentence that begins with the file. */
    static final class UnusableException extends Exception {
        private static final long serialVersionUID = 1;

        private final String why;

        UnusableException(String why) {
            super(why);
            this.why = why;
        }

        String why() {
            return why;
        }
    }

    static byte[] write(String registry, Map<String, CachedService> services) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes, JsonEncoding.UTF8)) {
            json.writeStartObject();
            json.writeNumberField("version", VERSION);
            json.writeStringField("registry", registry);
            json.writeObjectFieldStart("services");
            for (Map.Entry<String, CachedService> service : services.entrySet()) {
                CachedService cached = service.getValue();
                json.writeObjectFieldStart(service.getKey());
                json.writeStringField("seen", cached.seen().toString());
                json.writeStringField("index", Long.toUnsignedString(cached.index()));
                json.writeArrayFieldStart("instances");
                for (Instance instance : cached.instances()) {
                    write(json, instance);
                }
                json.writeEndArray();
                json.writeEndObject();
            }
            json.writeEndObject();
            json.writeEndObject();
        } catch (IOException e) {
            throw new IllegalStateException("a file in memory cannot fail", e);
        }
        return bytes.toByteArray();
    }

    private static void write(JsonGenerator json, Instance instance) throws IOException {
        json.writeStartObject();
        json.writeStringField("node", instance.key().node());
        json.writeStringField("id", instance.key().id());
        json.writeStringField("service", instance.service());
        json.writeStringField("address", instance.address());
        json.writeNumberField("port", instance.port());
        json.writeArrayFieldStart("tags");
        for (String tag : instance.tags()) {
            json.writeString(tag);
        }
        json.writeEndArray();
        json.writeObjectFieldStart("meta");
        for (Map.Entry<String, String> pair : instance.meta().entrySet()) {
            json.writeStringField(pair.getKey(), pair.getValue());
        }
        json.writeEndObject();
        json.writeNumberField("passingWeight", instance.weights().passing());
        json.writeNumberField("warningWeight", instance.weights().warning());
        json.writeStringField("health", instance.health().name());
        json.writeStringField("healthReason", instance.healthReason());
        json.writeEndObject();
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @param registry what it must have been written for: another registry's instances are none of ours
     */
    static Map<String, CachedService> read(byte[] bytes, String registry) throws UnusableException {
        JsonNode root = tree(bytes);
        JsonNode version = root.path("version");
        if (version.isMissingNode() || version.asInt() != VERSION) {
            throw new UnusableException("is of another version (" + version + ", expected: " + VERSION + ")");
        }
        try {
            String of = text(root, "registry");
            if (!of.equals(registry)) {
                throw new UnusableException("is about another registry (" + of + ", expected: " + registry + ")");
            }
            Map<String, CachedService> services = new LinkedHashMap<>();
            for (Map.Entry<String, JsonNode> service : root.required("services").properties()) {
                services.put(service.getKey(), service(service.getValue()));
            }
            return services;
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new UnusableException("is damaged (" + e.getMessage() + ")");
        }
    }

    private static JsonNode tree(byte[] bytes) throws UnusableException {
        JsonNode root;
        try {
            root = JSON.readTree(bytes);
        } catch (IOException e) {
            root = null;
        }
        if (root == null || !root.isObject()) {
            throw new UnusableException("is damaged (not one whole JSON object)");
        }
        return root;
    }

    private static CachedService service(JsonNode service) {
        List<Instance> instances = new ArrayList<>();
        for (JsonNode instance : service.required("instances")) {
            instances.add(instance(instance));
        }
        return new CachedService(
                instances, Long.parseUnsignedLong(text(service, "index")), Instant.parse(text(service, "seen")));
    }

    private static Instance instance(JsonNode instance) {
        List<String> tags = new ArrayList<>();
        instance.required("tags").forEach(tag -> tags.add(tag.asText()));
        Map<String, String> meta = new LinkedHashMap<>();
        instance.required("meta")
                .properties()
                .forEach(pair -> meta.put(pair.getKey(), pair.getValue().asText()));
        return new Instance(
                new InstanceKey(text(instance, "node"), text(instance, "id")),
                text(instance, "service"),
                text(instance, "address"),
                instance.required("port").asInt(),
                tags,
                meta,
                new Weights(
                        instance.required("passingWeight").asInt(),
                        instance.required("warningWeight").asInt()),
                Health.valueOf(text(instance, "health")),
                text(instance, "healthReason"));
    }

    private static String text(JsonNode object, String field) {
        String text = object.required(field).textValue();
        if (text == null) {
            throw new IllegalArgumentException(field + " is no text");
        }
        return text;
    }
}

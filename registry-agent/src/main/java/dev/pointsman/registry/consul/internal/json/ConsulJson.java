package dev.pointsman.registry.consul.internal.json;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.pointsman.registry.Instance;
import dev.pointsman.registry.InstanceKey;
import dev.pointsman.registry.OneLine;
import dev.pointsman.registry.RegistryException;
import dev.pointsman.registry.RegistryException.Kind;
import dev.pointsman.registry.Weights;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A lenient parser of Consul's responses. It takes what it needs and forgives the rest: unknown fields, nulls, missing fields with a
 * sensible default. An entry that cannot be used is left out and named, so that one odd instance does not hide its
 * siblings; but a response that is broken as a whole is refused as a whole, because half a list is a wrong list.
 */
final class ConsulJson {
    private static final ObjectReader READER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .readerFor(JsonNode.class);
    private static final JsonShape INSTANCE = JsonShape.of(Map.of(
            "Node",
            JsonShape.of("Node", "Address"),
            "Service",
            JsonShape.of("ID", "Service", "Kind", "Address", "Port", "Ports", "Tags", "Meta", "Weights"),
            "Checks",
            JsonShape.of("CheckID", "Name", "Status", "Notes", "Output")));

    private static final String EMPTY = "the response is empty (expected: JSON)";
    private static final int HIGHEST_PORT = 65535;
    /** Consul's own upper limit for a weight. */
    private static final int HIGHEST_WEIGHT = 65535;

    private ConsulJson() {}

    /**
     * The usable instances of a response.
     *
     * @param instances in the response's order
     * @param oddities one sentence for each entry that was left out
     */
    record Instances(List<Instance> instances, List<String> oddities) {}

    /**
     * Reads a response of {@code /v1/health/service/:service}. Sidecar proxies are left out silently: they carry
     * the tags of the service that they belong to, but speak mutual TLS.
     *
     * @throws RegistryException if it is not a whole JSON array
     */
    static Instances instances(byte[] body) throws RegistryException {
        List<Instance> instances = new ArrayList<>();
        List<String> oddities = new ArrayList<>();
        forEach(body, "instances", INSTANCE, entry -> add(entry, instances, oddities));
        return new Instances(List.copyOf(instances), List.copyOf(oddities));
    }

    /** A reader of one entry of a list. */
    @FunctionalInterface
    interface EntryReader {
        void read(JsonNode entry) throws RegistryException;
    }

    /**
     * Reads a list entry by entry: a tree of the whole takes many times the memory of the response.
     *
     * @param what what the entries are called in sentences
     * @param shape what is read of each entry
     * @throws RegistryException if it is not a whole JSON array
     */
    static void forEach(byte[] body, String what, JsonShape shape, EntryReader reader) throws RegistryException {
        try (JsonParser json = READER.createParser(body)) {
            JsonToken first = json.nextToken();
            if (first == null) {
                throw new RegistryException(Kind.MALFORMED, EMPTY);
            }
            if (first != JsonToken.START_ARRAY) {
                throw new RegistryException(Kind.MALFORMED, "the response is not a JSON array of " + what);
            }
            while (json.nextToken() != JsonToken.END_ARRAY) {
                reader.read(shape.read(json));
            }
            if (json.nextToken() != null) {
                throw new RegistryException(Kind.MALFORMED, "the response is not whole JSON: it goes on after its end");
            }
        } catch (IOException e) {
            throw malformed(e);
        }
    }

    private static void add(JsonNode entry, List<Instance> instances, List<String> oddities) {
        try {
            if (!"connect-proxy".equals(text(entry.path("Service"), "Kind"))) {
                instances.add(instance(entry));
            }
        } catch (OddEntry e) {
            oddities.add(e.sentence);
        }
    }

    /**
     * Reads a response of {@code /v1/catalog/services}: the tags that each service's instances carry between them.
     *
     * @throws RegistryException if it is not a whole JSON object
     */
    static Map<String, Set<String>> catalog(byte[] body) throws RegistryException {
        JsonNode root = read(body);
        if (!root.isObject()) {
            throw new RegistryException(Kind.MALFORMED, "the response is not a JSON object of services and their tags");
        }
        Map<String, Set<String>> services = new LinkedHashMap<>();
        root.properties().forEach(e -> services.put(e.getKey(), new LinkedHashSet<>(texts(e.getValue()))));
        return services;
    }

    /** The response as a tree. */
    static JsonNode read(byte[] body) throws RegistryException {
        try {
            JsonNode root = READER.readTree(body);
            if (root != null && !root.isMissingNode()) {
                return root;
            }
        } catch (IOException e) {
            throw malformed(e);
        }
        throw new RegistryException(Kind.MALFORMED, EMPTY);
    }

    private static RegistryException malformed(IOException e) {
        if (e instanceof JacksonException json) {
            // Jackson's sentence goes on with what else it would have taken and where it began; the start is enough.
            String why = json.getOriginalMessage().split(": ", 2)[0];
            return new RegistryException(Kind.MALFORMED, "the response is not whole JSON: " + OneLine.of(why, 120), e);
        }
        return new RegistryException(Kind.MALFORMED, "the response is not JSON", e);
    }

    private static String quoted(InstanceKey key) {
        return OneLine.of(key.toString());
    }

    private static Instance instance(JsonNode entry) throws OddEntry {
        JsonNode service = entry.path("Service");
        JsonNode node = entry.path("Node");
        String id = text(service, "ID");
        String name = text(service, "Service");
        if (id.isEmpty() || name.isEmpty()) {
            throw new OddEntry("an entry of node '" + OneLine.of(text(node, "Node")) + "' has no service "
                    + (id.isEmpty() ? "id" : "name"));
        }
        InstanceKey key = new InstanceKey(text(node, "Node"), id);
        String address = text(service, "Address").isBlank() ? text(node, "Address") : text(service, "Address");
        if (address.isBlank()) {
            throw new OddEntry(quoted(key) + " of " + OneLine.of(name) + " has no address, and neither has its node");
        }
        JsonNode port = port(service);
        if (port == null) {
            throw new OddEntry(quoted(key) + " of " + OneLine.of(name) + " has no port");
        }
        if (!port.isIntegralNumber() || port.asLong() < 1 || port.asLong() > HIGHEST_PORT) {
            throw new OddEntry(quoted(key) + " of " + OneLine.of(name) + " has the port "
                    + OneLine.of(port.toString(), 40) + " (expected: 1 to 65535)");
        }
        ConsulHealth health = ConsulHealth.of(entry.path("Checks"));
        return new Instance(
                key,
                name,
                address.strip(),
                port.asInt(),
                texts(service.path("Tags")),
                meta(service.path("Meta")),
                weights(service.path("Weights")),
                health.worst(),
                health.reason());
    }

    /**
     * {@code Port}, or from Consul 1.22 on, when that is absent or 0, the default one of {@code Ports}. Null when there
     * is neither.
     */
    private static @Nullable JsonNode port(JsonNode service) {
        JsonNode port = service.path("Port");
        if (!port.isMissingNode() && !port.isNull() && !"0".equals(port.asText())) {
            return port;
        }
        JsonNode ports = service.path("Ports");
        for (JsonNode candidate : ports) {
            if (candidate.path("Default").asBoolean() || ports.size() == 1) {
                return candidate.path("Port");
            }
        }
        return null;
    }

    private static Weights weights(JsonNode weights) {
        int passing = weights.path("Passing").asInt(0);
        if (passing < 1) {
            // Consul refuses to register that: the fields were never set.
            return Weights.DEFAULT;
        }
        int warning = weights.path("Warning").asInt(1);
        return new Weights(Math.min(passing, HIGHEST_WEIGHT), Math.min(Math.max(warning, 0), HIGHEST_WEIGHT));
    }

    private static Map<String, String> meta(JsonNode meta) {
        Map<String, String> texts = new LinkedHashMap<>();
        meta.properties().stream()
                .filter(e -> e.getValue().isValueNode() && !e.getValue().isNull())
                .forEach(e -> texts.put(e.getKey(), e.getValue().asText()));
        return texts;
    }

    /** The texts in a JSON array; none if it is none. */
    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>(array.size());
        if (array.isArray()) {
            array.forEach(element -> {
                if (element.isTextual()) {
                    texts.add(element.textValue());
                }
            });
        }
        return texts;
    }

    /** Thrown for an entry that cannot be used; the message says why. */
    private static final class OddEntry extends Exception {
        private final String sentence;

        OddEntry(String sentence) {
            super(sentence, null, false, false);
            this.sentence = sentence;
        }
    }

    /** The field's text, or "" when there is none. */
    static String text(JsonNode object, String field) {
        String text = object.path(field).textValue();
        return text == null ? "" : text;
    }
}

package dev.pointsman.registry.consul.internal.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The part of a JSON value that is made a tree of: of each object the fields that are named, of an array all elements. Of Consul's entries
 * three quarters are never looked at, and of ten thousand that is most of the time to be ready.
 */
final class JsonShape {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** The whole value. */
    static final JsonShape WHOLE = new JsonShape(null);

    private final @Nullable Map<String, JsonShape> fields;

    private JsonShape(@Nullable Map<String, JsonShape> fields) {
        this.fields = fields;
    }

    /** Objects of which these fields are read as a whole. */
    static JsonShape of(String... names) {
        Map<String, JsonShape> fields = new HashMap<>();
        for (String name : names) {
            fields.put(name, WHOLE);
        }
        return new JsonShape(fields);
    }

    /** Objects of which these fields are read, each by its own shape. */
    static JsonShape of(Map<String, JsonShape> fields) {
        return new JsonShape(Map.copyOf(fields));
    }

    /** Reads the value that begins with the parser's current token, and stops at its last one. */
    JsonNode read(JsonParser json) throws IOException {
        return switch (json.currentToken()) {
            case START_OBJECT -> object(json);
            case START_ARRAY -> array(json);
            case VALUE_STRING -> NODES.textNode(json.getText());
            case VALUE_NUMBER_INT ->
                switch (json.getNumberType()) {
                    case INT -> NODES.numberNode(json.getIntValue());
                    case LONG -> NODES.numberNode(json.getLongValue());
                    default -> NODES.numberNode(json.getBigIntegerValue());
                };
            case VALUE_NUMBER_FLOAT -> NODES.numberNode(json.getDoubleValue());
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            default -> NODES.nullNode();
        };
    }

    private ObjectNode object(JsonParser json) throws IOException {
        ObjectNode object = NODES.objectNode();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            JsonShape shape = fields == null ? WHOLE : fields.get(name);
            json.nextToken();
            if (shape == null) {
                json.skipChildren();
            } else {
                object.set(name, shape.read(json));
            }
        }
        return object;
    }

    private ArrayNode array(JsonParser json) throws IOException {
        ArrayNode array = NODES.arrayNode();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            array.add(read(json));
        }
        return array;
    }
}

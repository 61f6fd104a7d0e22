package dev.pointsman.registry.embedded;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON as {@code ?pretty} asks for it: four spaces for each level and a newline at the end. */
final class PrettyJson {
    private final StringBuilder out = new StringBuilder();

    private PrettyJson() {}

    static String encode(@Nullable Object value) {
        PrettyJson writer = new PrettyJson();
        writer.write(value, "\n");
        return writer.out.append('\n').toString();
    }

    private void write(@Nullable Object value, String newline) {
        if (value instanceof JsonObject object && !object.isEmpty()) {
            Iterator<Map.Entry<String, Object>> fields = object.iterator();
            out.append('{');
            while (fields.hasNext()) {
                Map.Entry<String, Object> field = fields.next();
                out.append(newline)
                        .append("    ")
                        .append(Json.encode(field.getKey()))
                        .append(": ");
                write(field.getValue(), newline + "    ");
                out.append(fields.hasNext() ? "," : "");
            }
            out.append(newline).append('}');
        } else if (value instanceof JsonArray array && !array.isEmpty()) {
            Iterator<Object> elements = array.iterator();
            out.append('[');
            while (elements.hasNext()) {
                out.append(newline).append("    ");
                write(elements.next(), newline + "    ");
                out.append(elements.hasNext() ? "," : "");
            }
            out.append(newline).append(']');
        } else {
            out.append(Json.encode(value));
        }
    }
}

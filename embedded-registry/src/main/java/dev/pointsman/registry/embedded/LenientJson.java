package dev.pointsman.registry.embedded;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object from a client, read as leniently as Consul does: names in any case and in snake_case, null like absent;
 * and a little more: unknown names are passed over, so that clients of newer Consuls can register too.
 */
final class LenientJson {
    private final Map<String, Object> values = new LinkedHashMap<>();

    private LenientJson(JsonObject object) {
        object.forEach(entry -> {
            if (entry.getValue() != null) {
                values.put(plain(entry.getKey()), entry.getValue());
            }
        });
    }

    private static String plain(String name) {
        return name.replace("_", "").toLowerCase(Locale.ROOT);
    }

    /** No fields at all. */
    static LenientJson none() {
        return new LenientJson(new JsonObject());
    }

    /** The body of a request. */
    static LenientJson of(Buffer body) {
        if (body.toString().isBlank()) {
            throw failure("EOF");
        }
        Object value;
        try {
            value = Json.decodeValue(body);
        } catch (DecodeException e) {
            throw failure(malformed(e));
        }
        if (value == null) {
            return new LenientJson(new JsonObject());
        }
        if (value instanceof JsonObject object) {
            return new LenientJson(object);
        }
        throw failure("expected an object, but there is " + typeOf(value));
    }

    private static String malformed(DecodeException e) {
        if (e.getCause() instanceof JsonEOFException) {
            return "unexpected EOF";
        }
        if (e.getCause() instanceof JsonProcessingException parse && parse.getLocation() != null) {
            JsonLocation at = parse.getLocation();
            return "invalid JSON at line " + at.getLineNr() + ", column " + at.getColumnNr();
        }
        return "invalid JSON";
    }

    private static ApiException failure(String what) {
        return ApiException.badRequest("Request decode failed: " + what);
    }

    private static ApiException mismatch(Object value, String field, String expected) {
        return failure(field + ": expected " + expected + ", but there is " + typeOf(value));
    }

    private static String typeOf(Object value) {
        if (value instanceof Number) {
            return "a number";
        }
        if (value instanceof Boolean) {
            return "a boolean";
        }
        if (value instanceof JsonArray) {
            return "an array";
        }
        return value instanceof JsonObject ? "an object" : "a string";
    }

    private @Nullable Object value(String name) {
        return values.get(plain(name));
    }

    boolean isEmpty() {
        return values.isEmpty();
    }

    boolean has(String name) {
        return value(name) != null;
    }

    /** Empty when absent. */
    String string(String name) {
        Object value = value(name);
        if (value == null) {
            return "";
        }
        if (value instanceof String text) {
            return text;
        }
        throw mismatch(value, name, "a string");
    }

    int integer(String name, int otherwise) {
        Object value = value(name);
        if (value == null) {
            return otherwise;
        }
        if (value instanceof Integer number) {
            return number;
        }
        if (value instanceof Number) {
            throw failure(name + ": expected a whole number, but there is " + value);
        }
        throw mismatch(value, name, "a whole number");
    }

    boolean bool(String name) {
        Object value = value(name);
        if (value == null) {
            return false;
        }
        if (value instanceof Boolean flag) {
            return flag;
        }
        throw mismatch(value, name, "a boolean");
    }

    /** A duration in Go's words, or a number of nanoseconds; zero when absent or empty. */
    Duration duration(String name) {
        Object value = value(name);
        if (value == null || value.equals("")) {
            return Duration.ZERO;
        }
        if (value instanceof Number nanos) {
            return Duration.ofNanos(nanos.longValue());
        }
        if (!(value instanceof String text)) {
            throw mismatch(value, name, "a duration");
        }
        try {
            return GoDuration.parse(text);
        } catch (IllegalArgumentException e) {
            throw failure(String.valueOf(e.getMessage()));
        }
    }

    List<String> strings(String name) {
        Object value = value(name);
        return value == null ? List.of() : strings(value, name);
    }

    private static List<String> strings(Object value, String name) {
        if (!(value instanceof JsonArray array)) {
            throw mismatch(value, name, "an array of strings");
        }
        List<String> strings = new ArrayList<>();
        for (Object element : array) {
            strings.add(stringIn(element, name));
        }
        return List.copyOf(strings);
    }

    private static String stringIn(@Nullable Object element, String name) {
        if (element == null) {
            return "";
        }
        if (element instanceof String text) {
            return text;
        }
        throw mismatch(element, name, "a string");
    }

    /** A map of strings, its keys as they were written. */
    Map<String, String> stringMap(String name) {
        Map<String, String> map = new LinkedHashMap<>();
        object(name, "an object of strings")
                .forEach(entry -> map.put(entry.getKey(), stringIn(entry.getValue(), name)));
        return map;
    }

    /** A map of lists of strings, its keys as they were written. */
    Map<String, List<String>> stringsMap(String name) {
        Map<String, List<String>> map = new LinkedHashMap<>();
        object(name, "an object of arrays of strings").forEach(entry -> {
            if (entry.getValue() != null) {
                map.put(entry.getKey(), strings(entry.getValue(), name));
            }
        });
        return map;
    }

    /** A map of objects, its keys as they were written. */
    Map<String, LenientJson> fieldsMap(String name) {
        Map<String, LenientJson> map = new LinkedHashMap<>();
        object(name, "an object").forEach(entry -> {
            if (entry.getValue() instanceof JsonObject object) {
                map.put(entry.getKey(), new LenientJson(object));
            } else if (entry.getValue() != null) {
                throw mismatch(entry.getValue(), name, "an object");
            }
        });
        return map;
    }

    /** An object; one without fields when absent. */
    LenientJson fields(String name) {
        return new LenientJson(object(name, "an object"));
    }

    private JsonObject object(String name, String expected) {
        Object value = value(name);
        if (value == null) {
            return new JsonObject();
        }
        if (value instanceof JsonObject object) {
            return object;
        }
        throw mismatch(value, name, expected);
    }

    List<LenientJson> list(String name) {
        Object value = value(name);
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof JsonArray array)) {
            throw mismatch(value, name, "an array of objects");
        }
        List<LenientJson> list = new ArrayList<>();
        for (Object element : array) {
            if (element instanceof JsonObject object) {
                list.add(new LenientJson(object));
            } else if (element != null) {
                throw mismatch(element, name, "an object");
            }
        }
        return list;
    }
}

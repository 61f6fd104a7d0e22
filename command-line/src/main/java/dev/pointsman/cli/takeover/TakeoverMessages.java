package dev.pointsman.cli.takeover;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What the process that takes over says, as the other one reads it: see {@link TakeoverServer}. It may be of another version, or
 * anything that found the socket, so what is not understood is an {@link IOException} with a sentence.
 */
final class TakeoverMessages {
    private TakeoverMessages() {}

    /** The number of the process that asks for the sockets. */
    static long asking(String text) throws IOException {
        Object process = read(text).getValue("take");
        if (process instanceof Number number
                && (number instanceof Integer || number instanceof Long)
                && number.longValue() > 0) {
            return number.longValue();
        }
        throw unexpected("{\"take\":PID}");
    }

    /** Why it does not take over; null if it is ready to. */
    static @Nullable String failure(String text) throws IOException {
        JsonObject outcome = read(text);
        if (Boolean.TRUE.equals(outcome.getValue("ready"))) {
            return null;
        }
        if (outcome.getValue("failed") instanceof String why) {
            return why;
        }
        throw unexpected("{\"ready\":true} or {\"failed\":WHY}");
    }

    private static JsonObject read(String text) throws IOException {
        try {
            return new JsonObject(text);
        } catch (DecodeException none) {
            throw new IOException("a message that is no JSON object", none);
        }
    }

    private static IOException unexpected(String expected) {
        return new IOException("a message that says nothing of the kind (expected: " + expected + ")");
    }
}

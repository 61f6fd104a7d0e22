package dev.pointsman.cli.log;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import dev.pointsman.balancer.observe.LogField;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An event of the log as one line of JSON. What is not printable ASCII is escaped as JSON has it (RFC 8259, 7), so that no
 * reader of lines, whatever it takes for the end of one, sees two; messages are bounded and made harmless as in text before.
 */
final class JsonEvent {
    /** Characters of an exception with all its causes. */
    private static final int LONGEST_EXCEPTION = 16_000;

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
    private static final JsonFactory FACTORY =
            JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
    private static final List<String> OWN_FIELDS = List.of("time", "level", "logger", "message", "thread", "exception");

    private JsonEvent() {}

    /**
     * The line of an event, with its line end.
     *
     * @param arguments of the message: those that are a {@link LogField} become fields; null for none
     */
    static String line(
            Instant at,
            String level,
            String logger,
            String message,
            String thread,
            @Nullable Object @Nullable [] arguments,
            @Nullable Throwable exception) {
        StringWriter line = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(line)) {
            json.writeStartObject();
            json.writeStringField("time", TIME.format(at));
            json.writeStringField("level", level);
            json.writeStringField("logger", logger);
            json.writeStringField("message", LogStream.plain(message));
            json.writeStringField("thread", LogStream.plain(thread));
            Set<String> written = new HashSet<>(OWN_FIELDS);
            for (Object argument : arguments == null ? new Object[0] : arguments) {
                if (argument instanceof LogField field && written.add(field.name())) {
                    json.writeStringField(field.name(), LogStream.plain(field.value()));
                }
            }
            if (exception != null) {
                json.writeStringField("exception", text(exception));
            }
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        // The one control character that JSON lets pass.
        return line.toString().replace("\u007f", "\\u007f") + "\n";
    }

    private static String text(Throwable exception) {
        ByteArrayOutputStream trace = new ByteArrayOutputStream();
        exception.printStackTrace(new LogStream(trace));
        String text = trace.toString(StandardCharsets.UTF_8).stripTrailing();
        return text.length() <= LONGEST_EXCEPTION ? text : text.substring(0, LONGEST_EXCEPTION) + "...";
    }
}

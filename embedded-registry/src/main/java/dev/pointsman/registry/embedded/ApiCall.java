package dev.pointsman.registry.embedded;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.ObjectWriter;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.EncodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.jackson.DatabindCodec;
import org.jspecify.annotations.Nullable;

/** A request to the API with its body and its response, which is sent once. */
final class ApiCall {
    private static final DefaultIndenter FOUR_SPACES = new DefaultIndenter("    ", "\n");
    /** JSON as {@code ?pretty} asks for it in Consul: four spaces for each level. */
    private static final ObjectWriter PRETTY = DatabindCodec.mapper()
            .writer(new DefaultPrettyPrinter(Separators.createDefaultInstance()
                            .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                            .withObjectEmptySeparator("")
                            .withArrayEmptySeparator(""))
                    .withObjectIndenter(FOUR_SPACES)
                    .withArrayIndenter(FOUR_SPACES));

    private final HttpServerResponse response;
    private final Buffer body;
    private final String rest;
    private final QueryParams query;

    /**
     * A request without a response yet.
     *
     * @param rest what follows the route's own path, decoded: an id, a name, a key
     */
    ApiCall(HttpServerRequest request, Buffer body, String rest) {
        this.response = request.response();
        this.body = body;
        this.rest = rest;
        this.query = QueryParams.parse(request.query());
    }

    String rest() {
        return rest;
    }

    Buffer body() {
        return body;
    }

    QueryParams query() {
        return query;
    }

    /** Whether the client is gone or has its response. */
    boolean isGone() {
        return response.closed() || response.ended();
    }

    /** Runs when the client closes its connection before the response. */
    void whenGone(Runnable action) {
        response.closeHandler(closed -> action.run());
    }

    ApiCall header(String name, String value) {
        response.putHeader(name, value);
        return this;
    }

    ApiCall status(int status) {
        response.setStatusCode(status);
        return this;
    }

    /** Sends a response without content. */
    void empty() {
        send(Buffer.buffer());
    }

    void json(@Nullable Object value) {
        header("Content-Type", "application/json");
        send(query.has("pretty") ? pretty(value) : Json.encodeToBuffer(value));
    }

    void text(int status, String text) {
        status(status).header("Content-Type", "text/plain; charset=utf-8");
        send(Buffer.buffer(text));
    }

    void bytes(byte[] value) {
        send(Buffer.buffer(value));
    }

    private void send(Buffer content) {
        header("Vary", "Accept-Encoding");
        response.end(content);
    }

    private static Buffer pretty(@Nullable Object value) {
        try {
            return Buffer.buffer(PRETTY.writeValueAsString(value) + "\n");
        } catch (JsonProcessingException e) {
            throw new EncodeException("no JSON can be made of " + value, e);
        }
    }
}

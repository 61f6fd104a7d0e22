package dev.pointsman.registry.embedded;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** One request with its body, and the answers that Consul has. It is answered once. */
final class Call {
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final Buffer body;
    private final String rest;
    private final QueryParams query;

    /**
     * A request that is not answered yet.
     *
     * @param rest what follows the route's own path, decoded: an id, a name, a key
     */
    Call(HttpServerRequest request, Buffer body, String rest) {
        this.request = request;
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

    /** Whether nobody waits for the answer any more. */
    boolean isGone() {
        return response.closed() || response.ended();
    }

    /** Runs when the client closes its connection before it was answered. */
    void whenGone(Runnable action) {
        response.closeHandler(closed -> action.run());
    }

    Call header(String name, String value) {
        response.putHeader(name, value);
        return this;
    }

    Call status(int status) {
        response.setStatusCode(status);
        return this;
    }

    /** 200 and nothing more, or whatever the status is. */
    void empty() {
        send(Buffer.buffer());
    }

    void json(@Nullable Object value) {
        header("Content-Type", "application/json");
        send(query.has("pretty") ? Buffer.buffer(PrettyJson.encode(value)) : Json.encodeToBuffer(value));
    }

    void text(int status, String text) {
        status(status).header("Content-Type", "text/plain; charset=utf-8");
        send(Buffer.buffer(text));
    }

    void octets(byte[] value) {
        send(Buffer.buffer(value));
    }

    private void send(Buffer content) {
        header("Vary", "Accept-Encoding");
        String accepted = request.getHeader("Accept-Encoding");
        boolean zip = content.length() > 0
                && accepted != null
                && accepted.toLowerCase(Locale.ROOT).contains("gzip");
        if (zip) {
            header("Content-Encoding", "gzip");
        }
        response.end(zip ? gzip(content) : content);
    }

    private static Buffer gzip(Buffer content) {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream(content.length() / 4 + 64);
        try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
            out.write(content.getBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Buffer.buffer(zipped.toByteArray());
    }
}

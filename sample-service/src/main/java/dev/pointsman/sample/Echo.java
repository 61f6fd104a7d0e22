package dev.pointsman.sample;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/**
 * {@code /echo}: the request as it arrived here, as JSON: {@code type}, {@code pid}, {@code method}, {@code uri}, {@code path},
 * {@code query} (null when there is none), {@code version}, {@code headers} (pairs, in order, repeats included), {@code
 * body} (as UTF-8) and {@code bodyBytes} (its length). Bodies above 16 MiB get a 413.
 */
final class Echo implements Handler<HttpServerRequest> {
    private static final int MOST = 16 * 1024 * 1024;

    private final String type;
    private final long pid;

    Echo(String type, long pid) {
        this.type = type;
        this.pid = pid;
    }

    @Override
    public void handle(HttpServerRequest request) {
        Buffer body = Buffer.buffer();
        request.handler(piece -> {
            if (body.length() + piece.length() <= MOST) {
                body.appendBuffer(piece);
            } else if (!request.response().ended()) {
                request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
                SampleHandler.respond(request, 413, "the body is too long to echo (expected: at most 16 MiB)");
            }
        });
        request.endHandler(end -> {
            if (!request.response().ended()) {
                request.response()
                        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                        .end(json(request, body).encodePrettily() + "\n");
            }
        });
    }

    private JsonObject json(HttpServerRequest request, Buffer body) {
        JsonArray headers = new JsonArray();
        request.headers().forEach((name, value) -> headers.add(JsonArray.of(name, value)));
        return new JsonObject()
                .put("type", type)
                .put("pid", pid)
                .put("method", request.method().name())
                .put("uri", request.uri())
                .put("path", request.path())
                .put("query", request.query())
                .put("version", request.version().alpnName())
                .put("headers", headers)
                .put("body", body.toString())
                .put("bodyBytes", body.length());
    }
}

package dev.pointsman.sample;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.OptionalLong;

/**
 * {@code /bytes?n=}: that many bytes (1 KiB by default), written no faster than the client reads, so that any
 * n needs the same memory. Byte number i is the letter number i mod 26: a missing piece shows.
 */
final class Bytes implements Handler<HttpServerRequest> {
    private static final long MOST = 999_999_999_999_999_999L;
    /** A multiple of 26, so that chunk follows chunk without a seam. */
    private static final int CHUNK = 26 * 1024;

    private final Buffer chunk;

    Bytes() {
        byte[] letters = new byte[CHUNK];
        for (int i = 0; i < CHUNK; i++) {
            letters[i] = (byte) ('a' + i % 26);
        }
        chunk = Buffer.buffer(letters);
    }

    @Override
    public void handle(HttpServerRequest request) {
        OptionalLong length = Query.number(request, "n", 1024, MOST);
        if (length.isEmpty()) {
            return;
        }
        HttpServerResponse response = request.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/octet-stream")
                .putHeader(HttpHeaders.CONTENT_LENGTH, Long.toString(length.getAsLong()));
        if (request.method().equals(HttpMethod.HEAD)) {
            response.end();
        } else {
            send(response, length.getAsLong());
        }
    }

    private void send(HttpServerResponse response, long left) {
        long remaining = left;
        while (remaining > 0 && !response.closed()) {
            if (response.writeQueueFull()) {
                long rest = remaining;
                // Never called once the client is gone, and then there is nothing left to do.
                response.drainHandler(drained -> send(response, rest));
                return;
            }
            int size = (int) Math.min(CHUNK, remaining);
            response.write(size == CHUNK ? chunk : chunk.slice(0, size));
            remaining -= size;
        }
        if (!response.closed()) {
            response.end();
        }
    }
}

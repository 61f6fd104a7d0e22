package dev.pointsman.balancer.proxy;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.streams.ReadStream;
import io.vertx.core.streams.WriteStream;

/** Bodies on their way: chunk by chunk as they come, never gathered. */
final class Bodies {
    private Bodies() {}

    /** Whether a request has a body (RFC 9112, 6.3): only if its framing says so. */
    static boolean hasBody(HttpServerRequest request) {
        return request.headers().contains(HttpHeaders.TRANSFER_ENCODING)
                || request.headers().contains(HttpHeaders.CONTENT_LENGTH);
    }

    /**
     * Writes a chunk, and stops the reading side while the writing side cannot keep up: what is held meanwhile is at
     * most the write queue's high-water mark and one chunk.
     */
    static void write(Buffer chunk, ReadStream<Buffer> from, WriteStream<Buffer> to) {
        to.write(chunk);
        if (to.writeQueueFull()) {
            from.pause();
            to.drainHandler(drained -> from.resume());
        }
    }
}

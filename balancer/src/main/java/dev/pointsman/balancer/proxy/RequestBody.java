package dev.pointsman.balancer.proxy;

import dev.pointsman.balancer.upstream.Connection;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaders;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.buffer.BufferInternal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request's body on its way to an upstream: piece by piece as it comes, at the pace of the slower side. What is held
 * is what the connection's write buffer may hold and one piece; besides, for a request that may be repeated, what was
 * sent so far, as long as that is little.
 */
final class RequestBody {
    /** How much of a body is kept for another attempt. */
    static final int MOST_KEPT = 64 * 1024;

    private static final ByteBuf CRLF = constant("\r\n");
    private static final ByteBuf LAST_CHUNK = constant("0\r\n\r\n");

    private final ProxyParts parts;
    private final Incoming incoming;
    private final HttpServerRequest request;
    private final ClientConnection client;
    private final boolean chunked;
    private final long most;
    private final Received received;
    private final Events events;
    private final List<Buffer> kept = new ArrayList<>();
    private @Nullable Connection connection;
    private @Nullable Continue wait;
    private boolean keeping;
    private boolean began;
    private boolean complete;
    private long octets;

    /** What becomes of a body. */
    interface Events {
        /** All of it was sent. */
        void bodySent(Connection on);

        /** More came than is allowed. */
        void bodyTooLarge();

        /** It is not a body that HTTP knows. */
        void bodyMalformed();
    }

    /**
     * A body that nothing was read of yet.
     *
     * @param most octets, 0 for any number
     * @param repeatable whether the request may be sent a second time
     */
    RequestBody(ProxyParts parts, Incoming incoming, long most, boolean repeatable, Events events) {
        this.parts = parts;
        this.incoming = incoming;
        this.request = incoming.request();
        this.client = incoming.client();
        this.chunked = incoming.body() == BodyFraming.CHUNKED;
        this.most = most;
        this.keeping = repeatable;
        this.received = incoming.received();
        this.events = events;
        pause();
        request.handler(this::arrived);
        request.endHandler(end -> ended());
        received.onFailure(events::bodyMalformed);
    }

    /** Whether a new attempt could send it from its beginning. */
    boolean canBeSentAgain() {
        return !began || keeping;
    }

    /** Sends it from its beginning. */
    void sendTo(Connection to) {
        connection = to;
        began = true;
        kept.forEach(chunk -> write(chunk, to));
        if (complete) {
            writeEnd(to);
        } else {
            to.flush();
            resume();
        }
        if (incoming.waitsForContinue() && wait == null) {
            wait = new Continue(incoming, parts);
        }
    }

    /** The upstream says 100; false if the client does not wait for that. */
    boolean mayGoOn() {
        if (wait == null) {
            return false;
        }
        wait.over();
        return true;
    }

    /** The answer begins: there is nothing to be waited for any more. */
    void isAnswered() {
        if (wait != null) {
            wait.cancel();
        }
    }

    /** There is nobody to send it to at the moment. */
    void hold() {
        connection = null;
        pause();
    }

    /** Nobody wants it any more: what is still to come is read and forgotten. */
    void forget() {
        isAnswered();
        connection = null;
        keeping = false;
        kept.clear();
        received.onFailure(() -> {});
        if (!complete) {
            resume();
        }
    }

    /** The connection takes more again. */
    void goOn() {
        if (connection != null) {
            client.setReading(true);
        }
    }

    private void pause() {
        client.setReading(false);
        request.pause();
    }

    private void resume() {
        client.setReading(true);
        request.resume();
    }

    private void arrived(Buffer chunk) {
        if (chunk.length() == 0) {
            // An empty chunk would be the last one.
            return;
        }
        octets += chunk.length();
        Connection to = connection;
        if (most > 0 && octets > most) {
            if (to != null) {
                events.bodyTooLarge();
            }
            return;
        }
        keep(chunk);
        if (to != null) {
            write(chunk, to);
            to.flush();
            if (to.isFull()) {
                client.setReading(false);
            }
        }
    }

    private void keep(Buffer chunk) {
        if (keeping && octets <= MOST_KEPT) {
            kept.add(chunk);
        } else if (keeping) {
            keeping = false;
            kept.clear();
        }
    }

    private void ended() {
        complete = true;
        // What comes now is the next request.
        client.setReading(true);
        Connection to = connection;
        if (to != null) {
            writeEnd(to);
        }
    }

    private void write(Buffer chunk, Connection to) {
        ByteBuf piece = ((BufferInternal) chunk).getByteBuf();
        if (chunked) {
            to.write(Unpooled.copiedBuffer(Integer.toHexString(chunk.length()) + "\r\n", StandardCharsets.US_ASCII));
            to.write(piece);
            to.write(CRLF.duplicate());
        } else {
            to.write(piece);
        }
    }

    private void writeEnd(Connection to) {
        if (chunked) {
            to.write(received.trailers().isEmpty() ? LAST_CHUNK.duplicate() : lastChunk(received.trailers()));
        }
        events.bodySent(to);
    }

    private static ByteBuf lastChunk(HttpHeaders trailers) {
        HeadBuffer out = new HeadBuffer().add("0\r\n");
        for (Map.Entry<String, String> trailer : trailers) {
            if (FieldKind.of(trailer.getKey()).mayTrail()) {
                out.field(trailer.getKey(), trailer.getValue());
            }
        }
        ByteBuf octets = Unpooled.buffer();
        out.endLine().writeTo(octets);
        return octets;
    }

    private static ByteBuf constant(String text) {
        byte[] octets = text.getBytes(StandardCharsets.US_ASCII);
        return Unpooled.unreleasableBuffer(
                Unpooled.directBuffer(octets.length).writeBytes(octets).asReadOnly());
    }
}

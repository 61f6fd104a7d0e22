package dev.pointsman.balancer.proxy;

import dev.pointsman.balancer.downstream.ArrivingBody;
import dev.pointsman.balancer.downstream.ClientConnection;
import dev.pointsman.balancer.downstream.ExpectContinue;
import dev.pointsman.balancer.http.BodyFraming;
import dev.pointsman.balancer.http.FieldKind;
import dev.pointsman.balancer.http.HeadBuffer;
import dev.pointsman.balancer.upstream.UpstreamConnection;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaders;
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
final class RequestBodyRelay implements ArrivingBody.Listener {
    /** How much of a body is kept for another attempt. */
    static final int MOST_KEPT = 64 * 1024;

    private static final ByteBuf CRLF = constant("\r\n");
    private static final ByteBuf LAST_CHUNK = constant("0\r\n\r\n");

    private final EventLoopContext parts;
    private final RoutedRequest incoming;
    private final ClientConnection client;
    private final boolean chunked;
    private final long most;
    private final ArrivingBody arriving;
    private final Events events;
    private final List<ByteBuf> kept = new ArrayList<>(0);
    private @Nullable UpstreamConnection connection;
    private @Nullable ExpectContinue wait;
    private boolean keeping;
    private boolean began;
    private boolean complete;
    private boolean unsent;
    private long octets;

    /** What becomes of a body. */
    interface Events {
        /** All of it was sent. */
        void bodySent(UpstreamConnection on);

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
    RequestBodyRelay(EventLoopContext parts, RoutedRequest incoming, long most, boolean repeatable, Events events) {
        this.parts = parts;
        this.incoming = incoming;
        this.client = incoming.client();
        this.chunked = incoming.body() == BodyFraming.CHUNKED;
        this.most = most;
        this.keeping = repeatable;
        this.arriving = incoming.received().body();
        this.events = events;
        hold();
        arriving.listen(this);
    }

    /** Whether a new attempt could send it from its beginning. */
    boolean canBeSentAgain() {
        return !began || keeping;
    }

    /** Sends it from its beginning. */
    void sendTo(UpstreamConnection to) {
        connection = to;
        began = true;
        kept.forEach(piece -> write(piece.retainedDuplicate(), to));
        if (complete) {
            writeEnd(to);
        } else {
            flushSoon(to);
            client.setReading(true);
            arriving.resume();
        }
        if (incoming.waitsForContinue() && wait == null) {
            wait = new ExpectContinue(incoming.request().response(), parts.vertx());
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
        client.setReading(false);
        arriving.pause();
    }

    /** Nobody wants it any more: what is still to come is read and forgotten. */
    void forget() {
        isAnswered();
        connection = null;
        keeping = false;
        kept.clear();
        arriving.forget();
        client.setReading(true);
    }

    /** The connection takes more again. */
    void goOn() {
        if (connection != null) {
            client.setReading(true);
        }
    }

    @Override
    public void chunk(ByteBuf piece) {
        octets += piece.readableBytes();
        UpstreamConnection to = connection;
        if (to == null || (most > 0 && octets > most)) {
            piece.release();
            if (to != null) {
                events.bodyTooLarge();
            }
            return;
        }
        keep(piece);
        write(piece, to);
        flushSoon(to);
        if (to.isFull()) {
            client.setReading(false);
        }
    }

    /** A body that came together with its head is sent together with it. */
    private void flushSoon(UpstreamConnection to) {
        if (client.isReadingNow() && !to.isFull()) {
            unsent = true;
        } else {
            unsent = false;
            to.flush();
        }
    }

    @Override
    public void readComplete() {
        UpstreamConnection to = connection;
        if (unsent && to != null) {
            unsent = false;
            to.flush();
        }
    }

    @Override
    public void malformed() {
        events.bodyMalformed();
    }

    /** In memory that needs no release. */
    private void keep(ByteBuf piece) {
        if (keeping && octets <= MOST_KEPT) {
            kept.add(Unpooled.copiedBuffer(piece));
        } else if (keeping) {
            keeping = false;
            kept.clear();
        }
    }

    @Override
    public void end() {
        complete = true;
        // What comes now is the next request.
        client.setReading(true);
        UpstreamConnection to = connection;
        if (to != null) {
            writeEnd(to);
        }
    }

    private void write(ByteBuf piece, UpstreamConnection to) {
        if (chunked) {
            String length = Integer.toHexString(piece.readableBytes());
            to.write(Unpooled.copiedBuffer(length + "\r\n", StandardCharsets.US_ASCII));
            to.write(piece);
            to.write(CRLF.duplicate());
        } else {
            to.write(piece);
        }
    }

    private void writeEnd(UpstreamConnection to) {
        if (chunked) {
            HttpHeaders trailers = arriving.trailers();
            to.write(trailers.isEmpty() ? LAST_CHUNK.duplicate() : lastChunk(trailers));
        }
        unsent = false;
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
        out.endLine().writeTo(octets::writeBytes);
        return octets;
    }

    private static ByteBuf constant(String text) {
        byte[] octets = text.getBytes(StandardCharsets.US_ASCII);
        return Unpooled.unreleasableBuffer(
                Unpooled.directBuffer(octets.length).writeBytes(octets).asReadOnly());
    }
}

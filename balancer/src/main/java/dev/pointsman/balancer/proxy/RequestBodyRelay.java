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
 * The relay of a request's body to an upstream, piece by piece as it comes, at the pace of the slower side. Held is
 * what the connection's write buffer may hold and one piece; besides, for a request that may be repeated, what was sent
 * so far, as long as that is little.
 */
final class RequestBodyRelay implements ArrivingBody.BodyListener {
    /** How many bytes of a body are kept for another attempt. */
    static final int MAX_REPLAY = 64 * 1024;

    private static final ByteBuf CRLF = constant("\r\n");
    private static final ByteBuf LAST_CHUNK = constant("0\r\n\r\n");

    private final EventLoopContext loop;
    private final RoutedRequest routed;
    private final ClientConnection client;
    private final boolean chunked;
    private final long limit;
    private final ArrivingBody arriving;
    private final Events events;
    private final List<ByteBuf> replay = new ArrayList<>(0);
    private @Nullable UpstreamConnection connection;
    private @Nullable ExpectContinue expectContinue;
    private boolean replayable;
    private boolean began;
    private boolean complete;
    private boolean unsent;
    private long bytes;

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
     * @param limit bytes, 0 for any number
     * @param repeatable whether the request may be sent a second time
     */
    RequestBodyRelay(EventLoopContext loop, RoutedRequest routed, long limit, boolean repeatable, Events events) {
        this.loop = loop;
        this.routed = routed;
        this.client = routed.client();
        this.chunked = routed.body() == BodyFraming.CHUNKED;
        this.limit = limit;
        this.replayable = repeatable;
        this.arriving = routed.received().body();
        this.events = events;
        suspend();
        arriving.listen(this);
    }

    /** Whether a new attempt could send it from its beginning. */
    boolean canBeSentAgain() {
        return !began || replayable;
    }

    /** Sends it from its beginning. */
    void sendTo(UpstreamConnection to) {
        connection = to;
        began = true;
        replay.forEach(piece -> write(piece.retainedDuplicate(), to));
        if (complete) {
            writeEnd(to);
        } else {
            flushSoon(to);
            client.setReading(true);
            arriving.resume();
        }
        if (routed.waitsForContinue() && expectContinue == null) {
            expectContinue = new ExpectContinue(routed.request().response(), loop.vertx());
        }
    }

    /** The upstream has sent 100; false if the client does not wait for that. */
    boolean continueReceived() {
        if (expectContinue == null) {
            return false;
        }
        expectContinue.proceed();
        return true;
    }

    /** The response begins: there is nothing to be waited for any more. */
    void responseBegan() {
        if (expectContinue != null) {
            expectContinue.cancel();
        }
    }

    /** There is no connection to send it on at the moment. */
    void suspend() {
        connection = null;
        client.setReading(false);
        arriving.pause();
    }

    /** It is not needed any more: what is still to come is read and discarded. */
    void discard() {
        responseBegan();
        connection = null;
        replayable = false;
        replay.clear();
        arriving.discard();
        client.setReading(true);
    }

    /** The connection takes more again. */
    void resume() {
        if (connection != null) {
            client.setReading(true);
        }
    }

    @Override
    public void chunk(ByteBuf piece) {
        bytes += piece.readableBytes();
        UpstreamConnection to = connection;
        if (to == null || (limit > 0 && bytes > limit)) {
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
        if (replayable && bytes <= MAX_REPLAY) {
            replay.add(Unpooled.copiedBuffer(piece));
        } else if (replayable) {
            replayable = false;
            replay.clear();
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
            if (FieldKind.of(trailer.getKey()).mayBeTrailer()) {
                out.field(trailer.getKey(), trailer.getValue());
            }
        }
        ByteBuf bytes = Unpooled.buffer();
        out.endLine().writeTo(bytes::writeBytes);
        return bytes;
    }

    private static ByteBuf constant(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        return Unpooled.unreleasableBuffer(
                Unpooled.directBuffer(bytes.length).writeBytes(bytes).asReadOnly());
    }
}

package dev.pointsman.balancer.proxy;

import dev.pointsman.balancer.downstream.ArrivingBody;
import dev.pointsman.balancer.downstream.ClientConnection;
import dev.pointsman.balancer.downstream.ExpectContinue;
import dev.pointsman.balancer.upstream.UpstreamStream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The relay of a request's body to an upstream, piece by piece as it comes, at the pace of the slower side. Held is
 * what the connection's write buffer may hold and one piece; besides, for a request that may be repeated, what was sent
 * so far, as long as that is little.
 */
final class RequestBodyRelay implements ArrivingBody.BodyListener {
    /** The most bytes of a body that are kept for another attempt. */
    static final int MAX_REPLAY = 64 * 1024;

    private final EventLoopContext loop;
    private final RoutedRequest routed;
    private final ClientConnection client;
    private final long limit;
    private final ArrivingBody arriving;
    private final BodyEvents events;

    /** The pieces for another attempt: all of them until anything was sent, then copies. */
    private final List<ByteBuf> replay = new ArrayList<>(1);

    private @Nullable UpstreamStream stream;
    private @Nullable ExpectContinue expectContinue;
    private boolean replayable;
    private boolean began;
    private boolean sent;
    private boolean complete;
    private boolean unsent;
    private long bytes;

    /** The receiver of the events of a relayed body. */
    interface BodyEvents {
        /** Called when all of the body was written. */
        void bodySent();

        /** Called when more bytes came than are allowed. */
        void bodyTooLarge();

        /** Called when the body is malformed. */
        void bodyMalformed();
    }

    /**
     * A relay of a body of which nothing was read yet.
     *
     * @param limit bytes, 0 for any number
     * @param repeatable whether the request may be sent a second time
     */
    RequestBodyRelay(EventLoopContext loop, RoutedRequest routed, long limit, boolean repeatable, BodyEvents events) {
        this.loop = loop;
        this.routed = routed;
        this.client = routed.client();
        this.limit = limit;
        this.replayable = repeatable;
        this.arriving = routed.received().body();
        this.events = events;
        suspend();
        arriving.listen(this);
    }

    /** Whether a new attempt could send the body from its beginning. */
    boolean canBeSentAgain() {
        return !began || !sent || replayable;
    }

    /** Sends the body from its beginning. */
    void sendTo(UpstreamStream to) {
        stream = to;
        began = true;
        replay.forEach(piece -> to.writeBody(piece.retainedDuplicate()));
        if (complete) {
            writeEnd(to);
        } else {
            flushSoon(to);
            resumeArriving(to);
        }
        if (routed.waitsForContinue() && expectContinue == null) {
            expectContinue = new ExpectContinue(routed.request().response(), loop.vertx());
        }
    }

    private void resumeArriving(UpstreamStream to) {
        // Unless the connection has failed meanwhile, and another one is waited for.
        if (stream == to) {
            client.setReading(true);
            arriving.resume();
        }
    }

    /** Whether the client sends the body only after a 100. */
    boolean waitsForContinue() {
        return expectContinue != null;
    }

    /** Handles the 100 that the client waits for. */
    void continueReceived() {
        if (expectContinue != null) {
            expectContinue.proceed();
        }
    }

    /** Notes that the response begins: the client waits for no 100 any more. */
    void responseBegan() {
        if (expectContinue != null) {
            expectContinue.cancel();
        }
    }

    /** Suspends the relay while there is no connection to send the body on. */
    void suspend() {
        stream = null;
        client.setReading(false);
        arriving.pause();
    }

    /** Gives up the body: what is still to come is read and discarded. */
    void discard() {
        responseBegan();
        stream = null;
        dropReplay();
        arriving.discard();
        client.setReading(true);
    }

    /** Resumes the relay when the connection takes more again. */
    void resume() {
        if (stream != null) {
            client.setReading(true);
        }
    }

    @Override
    public void chunk(ByteBuf piece) {
        bytes += piece.readableBytes();
        UpstreamStream to = stream;
        if (to == null || (limit > 0 && bytes > limit)) {
            piece.release();
            if (to != null) {
                events.bodyTooLarge();
            }
            return;
        }
        keep(piece);
        to.writeBody(piece);
        flushSoon(to);
        if (to.isFull()) {
            client.setReading(false);
        }
    }

    /** Flushes at the end of the read, so that a body that came together with its head is sent together with it. */
    private void flushSoon(UpstreamStream to) {
        if (client.isReadingNow() && !to.isFull()) {
            unsent = true;
        } else {
            flush(to);
        }
    }

    private void flush(UpstreamStream to) {
        unsent = false;
        to.flush();
    }

    /** Replaces what is kept for a request that turns out to be unsent by what is kept for one that is repeated. */
    void requestSending(UpstreamStream to) {
        if (sent || stream != to) {
            return;
        }
        sent = true;
        if (replayable && bytes <= MAX_REPLAY) {
            replay.replaceAll(RequestBodyRelay::copyAndRelease);
        } else {
            dropReplay();
        }
    }

    /** Copies a piece into memory that needs no release. */
    private static ByteBuf copyAndRelease(ByteBuf piece) {
        ByteBuf copy = Unpooled.copiedBuffer(piece);
        piece.release();
        return copy;
    }

    private void dropReplay() {
        replayable = false;
        replay.forEach(ByteBuf::release);
        replay.clear();
    }

    @Override
    public void readComplete() {
        UpstreamStream to = stream;
        if (unsent && to != null) {
            flush(to);
        }
    }

    @Override
    public void malformed() {
        events.bodyMalformed();
    }

    private void keep(ByteBuf piece) {
        if (!sent) {
            replay.add(piece.retainedDuplicate());
        } else if (replayable && bytes <= MAX_REPLAY) {
            replay.add(Unpooled.copiedBuffer(piece));
        } else if (replayable) {
            dropReplay();
        }
    }

    @Override
    public void end() {
        complete = true;
        // What comes now is the next request.
        client.setReading(true);
        UpstreamStream to = stream;
        if (to != null) {
            writeEnd(to);
        }
    }

    private void writeEnd(UpstreamStream to) {
        to.writeBodyEnd(arriving.trailers());
        unsent = false;
        events.bodySent();
    }
}

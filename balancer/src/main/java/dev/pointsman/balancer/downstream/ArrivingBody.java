package dev.pointsman.balancer.downstream;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request as it arrives: passed to its listener piece by piece, or buffered until there is one, which is
 * little, because the socket is not read meanwhile. No piece is copied. For one event loop.
 */
public final class ArrivingBody {
    private final Queue<ByteBuf> buffered = new ArrayDeque<>(2);
    private HttpHeaders trailers = EmptyHttpHeaders.INSTANCE;
    private @Nullable BodyListener listener;
    private BodyState state = BodyState.ARRIVING;
    private boolean paused = true;
    private long received;

    /** ARRIVING to COMPLETE or MALFORMED, from there to REPORTED; DISCARDED from any of them, for good. */
    private enum BodyState {
        ARRIVING,
        /** All of it has arrived, and a part of it may be buffered. */
        COMPLETE,
        MALFORMED,
        /** The end, of whichever kind, was reported to the listener. */
        REPORTED,
        DISCARDED
    }

    /** The receiver of a request's body. */
    public interface BodyListener {
        /**
         * Takes one piece of the body.
         *
         * @param bytes not empty, to be released by the listener
         */
        void chunk(ByteBuf bytes);

        /** Called at the end of a complete body. */
        void end();

        /** Called when the body is malformed, and will never end. */
        void malformed();

        /** Called when no more pieces come before the event loop goes on. */
        void readComplete();
    }

    /** Passes the body on from its beginning, once {@link #resume} is called; that it is malformed, at once. */
    public void listen(BodyListener receiver) {
        listener = receiver;
        tellIfMalformed();
    }

    /** Buffers what arrives from now on. */
    public void pause() {
        paused = true;
    }

    /** Passes on what is buffered, and what arrives from now on. */
    public void resume() {
        paused = false;
        passOn();
    }

    /** Discards the rest: what is buffered and what is still to come is released. */
    public void discard() {
        state = BodyState.DISCARDED;
        listener = null;
        buffered.forEach(ByteBuf::release);
        buffered.clear();
    }

    /** How many bytes of it have arrived so far, those that were discarded included. */
    public long received() {
        return received;
    }

    /** The trailer section, complete when the body is. */
    public HttpHeaders trailers() {
        return trailers;
    }

    /**
     * Takes one more piece that has arrived.
     *
     * @param bytes to be released here
     */
    public void arrives(ByteBuf bytes) {
        received += bytes.readableBytes();
        if (state == BodyState.DISCARDED || !bytes.isReadable()) {
            bytes.release();
            return;
        }
        buffered.add(bytes);
        passOn();
    }

    public void ends(HttpHeaders trailerSection) {
        trailers = trailerSection;
        if (state == BodyState.ARRIVING) {
            state = BodyState.COMPLETE;
            passOn();
        }
    }

    public void fails() {
        if (state == BodyState.ARRIVING) {
            state = BodyState.MALFORMED;
            tellIfMalformed();
        }
    }

    public void readComplete() {
        BodyListener receiver = listener;
        if (receiver != null) {
            receiver.readComplete();
        }
    }

    private void passOn() {
        while (!paused && listener != null && !buffered.isEmpty()) {
            listener.chunk(buffered.remove());
        }
        BodyListener receiver = listener;
        if (!paused && receiver != null && state == BodyState.COMPLETE && buffered.isEmpty()) {
            state = BodyState.REPORTED;
            receiver.end();
        }
    }

    private void tellIfMalformed() {
        BodyListener receiver = listener;
        if (receiver != null && state == BodyState.MALFORMED) {
            state = BodyState.REPORTED;
            receiver.malformed();
        }
    }
}

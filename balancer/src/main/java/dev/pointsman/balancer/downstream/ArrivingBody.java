package dev.pointsman.balancer.downstream;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request as it arrives: passed to its listener piece by piece, or held until there is one, which is
 * little, because the socket is not read meanwhile. It bypasses Vert.x, which would copy each piece. For one event
 * loop.
 */
public final class ArrivingBody {
    private final Queue<ByteBuf> held = new ArrayDeque<>(2);
    private HttpHeaders trailers = EmptyHttpHeaders.INSTANCE;
    private @Nullable BodyListener listener;
    private State state = State.ARRIVING;
    private boolean paused = true;

    /** ARRIVING to COMPLETE or MALFORMED, from there to TOLD; DISCARDED from any of them, for good. */
    private enum State {
        ARRIVING,
        /** All of it has arrived, and a part of it may be held. */
        COMPLETE,
        MALFORMED,
        /** The listener was told of the end, whichever it was. */
        TOLD,
        DISCARDED
    }

    /** The receiver of a request's body. */
    public interface BodyListener {
        /**
         * One piece has arrived.
         *
         * @param bytes not empty, to be released by the listener
         */
        void chunk(ByteBuf bytes);

        /** That was all of it. */
        void end();

        /** It is malformed, and will never end. */
        void malformed();

        /** Nothing more comes before the event loop goes on. */
        void readComplete();
    }

    /** Passes the body on from its beginning, once {@link #resume} is called; that it is malformed, at once. */
    public void listen(BodyListener receiver) {
        listener = receiver;
        tellIfMalformed();
    }

    /** Holds what arrives from now on. */
    public void pause() {
        paused = true;
    }

    /** Passes on what is held, and what arrives from now on. */
    public void resume() {
        paused = false;
        passOn();
    }

    /** The rest is not needed: what is held and what is still to come is released. */
    public void discard() {
        state = State.DISCARDED;
        listener = null;
        held.forEach(ByteBuf::release);
        held.clear();
    }

    /** The trailer section, complete when the body is. */
    public HttpHeaders trailers() {
        return trailers;
    }

    /**
     * One more piece has arrived.
     *
     * @param bytes to be released here
     */
    void arrives(ByteBuf bytes) {
        if (state == State.DISCARDED || !bytes.isReadable()) {
            bytes.release();
            return;
        }
        held.add(bytes);
        passOn();
    }

    void ends(HttpHeaders trailerSection) {
        trailers = trailerSection;
        if (state == State.ARRIVING) {
            state = State.COMPLETE;
            passOn();
        }
    }

    void fails() {
        if (state == State.ARRIVING) {
            state = State.MALFORMED;
            tellIfMalformed();
        }
    }

    void readComplete() {
        BodyListener receiver = listener;
        if (receiver != null) {
            receiver.readComplete();
        }
    }

    private void passOn() {
        while (!paused && listener != null && !held.isEmpty()) {
            listener.chunk(held.remove());
        }
        BodyListener receiver = listener;
        if (!paused && receiver != null && state == State.COMPLETE && held.isEmpty()) {
            state = State.TOLD;
            receiver.end();
        }
    }

    private void tellIfMalformed() {
        BodyListener receiver = listener;
        if (receiver != null && state == State.MALFORMED) {
            state = State.TOLD;
            receiver.malformed();
        }
    }
}

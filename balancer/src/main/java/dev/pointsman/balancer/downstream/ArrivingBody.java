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
    private @Nullable Listener listener;
    private boolean paused = true;
    private boolean unwanted;
    private boolean complete;
    private boolean malformed;
    private boolean ended;

    /** The receiver of a body. */
    public interface Listener {
        /**
         * One piece.
         *
         * @param bytes not empty, to be released
         */
        void chunk(ByteBuf bytes);

        /** That was all of it. */
        void end();

        /** It is malformed, and will never end. */
        void malformed();

        /** Nothing more comes right now. */
        void readComplete();
    }

    /** Passes the body on from its beginning, once {@link #resume} is called; that it is malformed, at once. */
    public void listen(Listener taker) {
        listener = taker;
        tellMalformed();
    }

    public void pause() {
        paused = true;
    }

    public void resume() {
        paused = false;
        passOn();
    }

    /** The rest is not needed: what is still to come is released. */
    public void discard() {
        unwanted = true;
        listener = null;
        held.forEach(ByteBuf::release);
        held.clear();
    }

    /** The trailer section, complete when the body is. */
    public HttpHeaders trailers() {
        return trailers;
    }

    /**
     * One more piece.
     *
     * @param bytes to be released here
     */
    void arrives(ByteBuf bytes) {
        if (unwanted || !bytes.isReadable()) {
            bytes.release();
            return;
        }
        held.add(bytes);
        passOn();
    }

    void ends(HttpHeaders came) {
        trailers = came;
        complete = true;
        passOn();
    }

    void fails() {
        malformed = true;
        tellMalformed();
    }

    void readComplete() {
        Listener taker = listener;
        if (taker != null) {
            taker.readComplete();
        }
    }

    private void passOn() {
        while (!paused && listener != null && !held.isEmpty()) {
            listener.chunk(held.remove());
        }
        Listener taker = listener;
        if (!paused && taker != null && complete && held.isEmpty() && !ended) {
            ended = true;
            taker.end();
        }
    }

    private void tellMalformed() {
        Listener taker = listener;
        if (malformed && taker != null && !ended) {
            ended = true;
            taker.malformed();
        }
    }
}

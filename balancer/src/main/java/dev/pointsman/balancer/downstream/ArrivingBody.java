package dev.pointsman.balancer.downstream;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request as it arrives: passed to its listener piece by piece, or buffered until there is one, which is
 * little, because no more is read meanwhile than was asked for. No piece is copied, but many small ones that are buffered: each would
 * have a whole buffer of the socket kept. For one event loop.
 */
public final class ArrivingBody {
    /** Pieces that are buffered as they came, whatever their size. */
    private static final int MANY = 16;

    /** Bytes of a piece that is small. */
    private static final int SMALL = 4 * 1024;

    private static final int GATHERED = 16 * 1024;

    private final Queue<ByteBuf> buffered = new ArrayDeque<>(2);
    private @Nullable ByteBuf gathering;
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
        gathering = null;
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
        if (buffered.size() < MANY || bytes.readableBytes() > SMALL) {
            gathering = null;
            buffered.add(bytes);
        } else {
            gather(bytes);
        }
        passOn();
    }

    /** Buffers a small piece with others in one. */
    private void gather(ByteBuf piece) {
        ByteBuf last = gathering;
        if (last == null || last.writableBytes() < piece.readableBytes()) {
            last = piece.alloc().buffer(GATHERED, GATHERED);
            gathering = last;
            buffered.add(last);
        }
        last.writeBytes(piece);
        piece.release();
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
        if (!paused && listener != null) {
            gathering = null;
        }
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

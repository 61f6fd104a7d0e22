package dev.pointsman.balancer.upstream.http2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** What has come of a response while its client was not ready for more. The window of its stream bounds it. */
final class HeldResponse {
    /** Bytes that a buffer of small pieces may come to hold. */
    private static final int SHARED = 8 * 1024;

    private final Deque<ByteBuf> pieces = new ArrayDeque<>(0);

    /** The end of the response, while it waits behind them. */
    private @Nullable HttpHeaders end;

    /**
     * Holds a copy: the piece itself would keep all that was read together with it, for other streams too. Small pieces share a
     * buffer, as each by itself would take many times what is in it.
     */
    void add(ByteBuf piece) {
        int bytes = piece.readableBytes();
        ByteBuf last = pieces.peekLast();
        if (last == null || last.maxWritableBytes() < bytes) {
            last = Unpooled.buffer(bytes, Math.max(bytes, SHARED));
            pieces.add(last);
        }
        last.writeBytes(piece, piece.readerIndex(), bytes);
    }

    boolean isEmpty() {
        return pieces.isEmpty();
    }

    /** Gives the oldest piece. */
    ByteBuf remove() {
        return pieces.remove();
    }

    /** Holds the end of the response. */
    void end(HttpHeaders trailers) {
        end = trailers;
    }

    boolean hasEnd() {
        return end != null;
    }

    /** Gives the end of the response, once; null where it is not there, or not yet its turn. */
    @Nullable
    HttpHeaders takeEnd() {
        HttpHeaders taken = pieces.isEmpty() ? end : null;
        if (taken != null) {
            end = null;
        }
        return taken;
    }

    void release() {
        pieces.forEach(ByteBuf::release);
        pieces.clear();
        end = null;
    }
}

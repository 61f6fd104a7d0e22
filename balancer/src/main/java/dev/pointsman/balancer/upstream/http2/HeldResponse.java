package dev.pointsman.balancer.upstream.http2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** What has come of a response while its client was not ready for more. The window of its stream bounds it. */
final class HeldResponse {
    private final Deque<ByteBuf> pieces = new ArrayDeque<>(0);

    /** The end of the response, while it waits behind them. */
    private @Nullable HttpHeaders end;

    /** Holds a copy: the piece itself would keep all that was read together with it, for other streams too. */
    void add(ByteBuf piece) {
        pieces.add(Unpooled.copiedBuffer(piece));
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

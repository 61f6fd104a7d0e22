package dev.pointsman.balancer.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpContent;

/**
 * Pieces of requests' bodies in memory that needs no release. Vert.x copies each piece too, but only when its turn comes,
 * and forgets those that wait for it when the connection ends: pooled memory would be lost.
 */
final class UnpooledContent {
    private UnpooledContent() {}

    /** The same piece, which takes the place of the given one. */
    static HttpContent of(HttpContent content) {
        ByteBuf octets = content.content();
        if (!octets.isReadable()) {
            return content;
        }
        HttpContent copy = content.replace(Unpooled.copiedBuffer(octets));
        content.release();
        return copy;
    }
}

package dev.pointsman.balancer.loop;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;

/**
 * The buffers that connections of an event loop read into: one of the {@link LoopBuffers} while little is expected, and
 * as large a one as the connection has filled lately, up to a bound. A connection reads once a turn.
 */
final class FairBuffers implements RecvByteBufAllocator {
    private final RecvByteBufAllocator adaptive;
    private final LoopBuffers small;

    /**
     * The buffers of one loop.
     *
     * @param most bytes
     */
    FairBuffers(int most, LoopBuffers small) {
        this.adaptive = new AdaptiveRecvByteBufAllocator(64, 2048, most).maxMessagesPerRead(1);
        this.small = small;
    }

    // The deprecated type is what the interface asks for.
    @SuppressWarnings("deprecation")
    @Override
    public Handle newHandle() {
        return new DelegatingHandle(adaptive.newHandle()) {
            @Override
            public ByteBuf allocate(ByteBufAllocator allocator) {
                return small.take(guess(), allocator);
            }
        };
    }
}

package dev.pointsman.balancer.loop;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * The switch that lets a connection read, or not: it reads while it is wanted to, which is the back-pressure's part, and
 * while it does not wait for its turn, see {@link ReadTurns}. A handler, the first of its connection.
 */
public final class FairReader extends ChannelInboundHandlerAdapter {
    private final ReadTurns turns;
    private final Channel channel;
    private boolean wanted = true;
    private boolean waits;
    private int bytes;

    public FairReader(ReadTurns turns, Channel channel) {
        this.turns = turns;
        this.channel = channel;
    }

    /** Stops reading, so that the other side has to wait, or goes on. */
    public void setReading(boolean reading) {
        wanted = reading;
        channel.config().setAutoRead(reading && !waits);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        channel.config().setRecvByteBufAllocator(turns.buffers());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof ByteBuf read) {
            bytes += read.readableBytes();
        }
        context.fireChannelRead(message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        int inThisTurn = bytes;
        bytes = 0;
        if (!waits && turns.mustWait(inThisTurn)) {
            waits = true;
            channel.config().setAutoRead(false);
            turns.await(this);
        }
        context.fireChannelReadComplete();
    }

    /** Whether all that had arrived was read with the last read: it did not fill its buffer, and the next one need not wait. */
    public boolean hasReadAll() {
        var last = channel.unsafe().recvBufAllocHandle();
        return !waits && last.lastBytesRead() < last.attemptedBytesRead();
    }

    void itsTurn() {
        waits = false;
        channel.config().setAutoRead(wanted);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (waits) {
            turns.leave(this);
        }
        context.fireChannelInactive();
    }
}

package dev.pointsman.balancer.tcp;

import dev.pointsman.balancer.loop.Channels;
import dev.pointsman.balancer.loop.FairReader;
import dev.pointsman.balancer.upstream.UpstreamSocket;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One of the two sides of a {@link Relay}: the last handler of its channel. For its event loop. */
final class RelayEnd extends ChannelInboundHandlerAdapter {
    private static final int RESET = 0;

    private final Channel channel;
    private final FairReader reader;
    private final Consumer<Object> others;
    private final Consumer<Throwable> broken;

    /** What was read before there was a relay: no more than is read in one turn. */
    private final List<ByteBuf> early = new ArrayList<>(0);

    private boolean endedEarly;
    private @Nullable Relay relay;

    /**
     * A side without the other one.
     *
     * @param others takes what is read and is no bytes
     * @param broken takes what breaks the connection
     */
    RelayEnd(Channel channel, FairReader reader, Consumer<Object> others, Consumer<Throwable> broken) {
        this.channel = channel;
        this.reader = reader;
        this.others = others;
        this.broken = broken;
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    }

    Channel channel() {
        return channel;
    }

    void setReading(boolean reading) {
        reader.setReading(reading);
    }

    /** Joins it to a relay, which gets what was read before. */
    void join(Relay to) {
        relay = to;
        early.forEach(bytes -> to.read(this, bytes));
        early.clear();
        to.readAll(this);
        if (endedEarly) {
            to.sentAll(this);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof ByteBuf bytes)) {
            others.accept(message);
        } else if (relay != null) {
            relay.read(this, bytes);
        } else if (channel.isOpen()) {
            early.add(bytes);
        } else {
            ReferenceCountUtil.release(bytes);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (relay != null) {
            relay.readAll(this);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (relay != null) {
            relay.writable(this);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == UpstreamSocket.WRITE_FAILED) {
            broken.accept(new ClosedChannelException());
        } else if (event instanceof ChannelInputShutdownEvent) {
            if (relay == null) {
                endedEarly = true;
            } else {
                relay.sentAll(this);
            }
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        broken.accept(cause);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        early.forEach(ReferenceCountUtil::release);
        early.clear();
        broken.accept(new ClosedChannelException());
    }

    /** @param reset whether by a reset */
    void close(boolean reset) {
        if (reset && channel.isOpen()) {
            channel.config().setOption(ChannelOption.SO_LINGER, RESET);
        }
        Channels.close(channel);
    }
}

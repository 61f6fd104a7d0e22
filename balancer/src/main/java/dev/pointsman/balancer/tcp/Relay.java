package dev.pointsman.balancer.tcp;

import dev.pointsman.balancer.loop.Channels;
import dev.pointsman.balancer.loop.TimeoutTicker;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.socket.DuplexChannel;

/**
 * The bytes between a client and an instance, both ways: what one side sends the other gets, as fast as that takes it, and the end of
 * one direction (FIN) leaves the other one open. For one event loop.
 */
final class Relay {
    private final RelayEnd client;
    private final RelayEnd instance;
    private final TimeoutTicker ticker;
    private final TcpMeter counts;
    private final Runnable bothEnded;
    private long lastActive;
    private boolean answered;
    private long answeredAt;
    private long received;
    private long sent;
    private int directionsEnded;

    /** @param bothEnded called when all is sent, both ways */
    Relay(RelayEnd client, RelayEnd instance, TimeoutTicker ticker, TcpMeter counts, Runnable bothEnded) {
        this.client = client;
        this.instance = instance;
        this.ticker = ticker;
        this.counts = counts;
        this.bothEnded = bothEnded;
        this.lastActive = ticker.now();
    }

    void begin() {
        client.join(this);
        instance.join(this);
        client.setReading(instance.channel().isWritable());
        instance.setReading(client.channel().isWritable());
    }

    private RelayEnd other(RelayEnd than) {
        return than == client ? instance : client;
    }

    /** Passes on what one side has sent. */
    void read(RelayEnd from, ByteBuf bytes) {
        lastActive = ticker.now();
        if (from == client) {
            received += bytes.readableBytes();
            counts.received(bytes.readableBytes());
        } else {
            if (!answered) {
                answered = true;
                answeredAt = lastActive;
            }
            sent += bytes.readableBytes();
            counts.sent(bytes.readableBytes());
        }
        RelayEnd to = other(from);
        Channels.write(to.channel(), bytes);
        if (!to.channel().isWritable()) {
            from.setReading(false);
        }
    }

    /** One side has sent no more for now. */
    void readAll(RelayEnd from) {
        other(from).channel().flush();
    }

    /** One side takes more, or no more for now. */
    void writable(RelayEnd end) {
        other(end).setReading(end.channel().isWritable());
    }

    /** One side will send nothing any more: the other one is told, behind all bytes. */
    void sentAll(RelayEnd from) {
        lastActive = ticker.now();
        RelayEnd to = other(from);
        to.channel().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener((ChannelFutureListener) written -> {
            if (!written.isSuccess() || !to.channel().isOpen()) {
                return;
            }
            ((DuplexChannel) to.channel()).shutdownOutput().addListener((ChannelFutureListener) told -> {
                directionsEnded++;
                if (directionsEnded == 2) {
                    bothEnded.run();
                }
            });
        });
    }

    /** Whether the instance has sent anything. */
    boolean hasAnswered() {
        return answered;
    }

    /** When the instance sent its first byte, if it has sent any. */
    long answeredAt() {
        return answeredAt;
    }

    /** Bytes of the client. */
    long received() {
        return received;
    }

    /** Bytes of the instance. */
    long sent() {
        return sent;
    }

    /** When a byte or an end came last, in nanoseconds of the ticker. */
    long lastActive() {
        return lastActive;
    }

    /** Ends both sides. */
    void close(boolean reset) {
        client.close(reset);
        instance.close(reset);
    }
}

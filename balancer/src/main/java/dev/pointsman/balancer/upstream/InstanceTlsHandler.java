package dev.pointsman.balancer.upstream;

import dev.pointsman.balancer.tls.UpstreamTls;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLEngine;

/**
 * TLS on a connection to an upstream: Netty's, whose handshake has the time that is left of that for connecting, and which tells when
 * a part of a record has arrived. For one event loop.
 */
final class InstanceTlsHandler extends SslHandler {
    private final UpstreamTls by;
    private final LongSupplier nanoTime;
    private final long deadline;

    /**
     * TLS on a connection that begins now.
     *
     * @param by what has made the engine
     * @param nanos for the connection to stand, with TLS
     */
    InstanceTlsHandler(SSLEngine engine, UpstreamTls by, LongSupplier nanoTime, long nanos) {
        super(engine);
        this.by = by;
        this.nanoTime = nanoTime;
        this.deadline = nanoTime.getAsLong() + nanos;
    }

    /** The TCP connection stands, and the handshake begins. */
    @Override
    public void channelActive(ChannelHandlerContext context) throws Exception {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - nanoTime.getAsLong());
        setHandshakeTimeoutMillis(Math.max(1, left));
        super.channelActive(context);
    }

    /** What it is secured by. */
    UpstreamTls by() {
        return by;
    }

    /** Whether bytes have arrived whose record is not complete: they can be anything. */
    boolean hasPartialRecord() {
        return actualReadableBytes() > 0;
    }
}

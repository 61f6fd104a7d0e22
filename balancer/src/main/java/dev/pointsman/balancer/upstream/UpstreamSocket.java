package dev.pointsman.balancer.upstream;

import dev.pointsman.balancer.tls.UpstreamTls;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.spi.SelectorProvider;
import org.jspecify.annotations.Nullable;

/**
 * The channel of a connection to an upstream: Netty's, but for two things. A failed write does not end it, because an
 * upstream that responds early and closes resets the connection while its response still lies in the socket, to be read
 * (RFC 9112, 9.6); and what lies there can be looked for without passing it through the pipeline. Not thread-safe: for
 * its event loop.
 */
public final class UpstreamSocket extends NioSocketChannel {
    /** The event that a write has failed: what is still to be written is dropped, and reading goes on to the end. */
    public static final Object WRITE_FAILED = "write failed";

    private static final int NOTHING_TO_READ = 0;

    private @Nullable IOException writeFailure;
    private @Nullable InstanceTlsHandler tls;

    UpstreamSocket(SelectorProvider sockets) {
        super(sockets);
    }

    /** Notes that it speaks TLS. */
    void secured(InstanceTlsHandler by) {
        tls = by;
    }

    /** Whether it speaks TLS. */
    public boolean isSecured() {
        return tls != null;
    }

    /** Whether it speaks TLS by these means, or none at all: by other ones its upstream would perhaps not be trusted. */
    public boolean isSecuredBy(UpstreamTls means) {
        return tls == null || tls.by() == means;
    }

    /** The protocol that TLS has agreed upon; null for none. */
    public @Nullable String applicationProtocol() {
        return tls == null ? null : tls.applicationProtocol();
    }

    /** Whether bytes were read whose record of TLS is not complete. */
    public boolean hasPartialRecord() {
        return tls != null && tls.hasPartialRecord();
    }

    /**
     * Whether nothing has arrived that was not passed on: no byte, no end and no reset. A byte found is lost, so that the connection
     * has to be closed.
     */
    public boolean isSilent(ByteBuffer scratch) {
        if (hasPartialRecord()) {
            return false;
        }
        try {
            scratch.clear();
            return javaChannel().read(scratch) == NOTHING_TO_READ;
        } catch (IOException reset) {
            return false;
        }
    }

    /** The failure of a write, which nothing can be sent after; null if none has failed. */
    @Nullable
    public IOException writeFailure() {
        return writeFailure;
    }

    /** Whether something that was flushed has not reached the socket yet. */
    public boolean isWriting() {
        ChannelOutboundBuffer out = unsafe().outboundBuffer();
        return out != null && !out.isEmpty();
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer out) throws Exception {
        if (writeFailure == null) {
            try {
                super.doWrite(out);
                return;
            } catch (IOException broken) {
                writeFailure = broken;
                // Not from within the write, which its sender is in the middle of.
                eventLoop().execute(() -> pipeline().fireUserEventTriggered(WRITE_FAILED));
            }
        }
        while (out.current() != null) {
            out.remove();
        }
        clearOpWrite();
    }
}

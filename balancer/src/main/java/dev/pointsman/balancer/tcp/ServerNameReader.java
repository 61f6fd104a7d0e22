package dev.pointsman.balancer.tcp;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.AbstractSniHandler;
import io.netty.util.concurrent.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The reader of a ClientHello (RFC 8446, 4.1.2), in whatever pieces and records it comes: it takes out the name that the client asks
 * for (SNI, RFC 6066, 3), and passes every byte on as it came.
 */
final class ServerNameReader extends AbstractSniHandler<String> {
    /** Bytes of a ClientHello; with the keys of today's hybrids they are below 2 KiB. */
    static final int LONGEST_HELLO = 64 * 1024;

    private final Consumer<@Nullable String> found;

    /**
     * A reader.
     *
     * @param millis for the message to be complete
     * @param found gets the name in lower case, or null if there is none, before the bytes are passed on
     */
    ServerNameReader(long millis, Consumer<@Nullable String> found) {
        super(LONGEST_HELLO, millis);
        this.found = found;
    }

    @Override
    protected Future<String> lookup(ChannelHandlerContext context, @Nullable String name) {
        return context.executor().newSucceededFuture(name == null ? "" : name);
    }

    @Override
    protected void onLookupComplete(ChannelHandlerContext context, @Nullable String name, Future<String> done) {
        found.accept(name);
        context.pipeline().remove(this);
    }
}

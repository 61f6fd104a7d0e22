package dev.pointsman.balancer.tls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SniCompletionEvent;
import io.netty.handler.ssl.SniHandler;
import io.netty.handler.ssl.SslCompletionEvent;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.IllegalReferenceCountException;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS with clients: the handshake of each connection, for as long as it may take, with the certificate that the client asks for.
 * Thread-safe.
 */
public final class TlsFront {
    private static final Logger log = LoggerFactory.getLogger(TlsFront.class);

    /** The first byte of a record with a handshake (RFC 8446, 5.1). */
    private static final int HANDSHAKE = 22;

    /** The longest first message of a client; those of today's browsers have 2 KiB. */
    private static final int LONGEST_HELLO = 16 * 1024;

    private static final ByteBuf CLEAR_TEXT_REPLY = reply();

    private final CertificateStore store;
    private final HandshakeCounts counts;

    /** TLS by these certificates. */
    public TlsFront(CertificateStore store, HandshakeCounts counts) {
        this.store = store;
        this.counts = counts;
    }

    private static ByteBuf reply() {
        String body = "400 this port speaks TLS: come by https\n";
        String text = "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: "
                + body.length() + "\r\nConnection: close\r\n\r\n" + body;
        return Unpooled.unreleasableBuffer(
                Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII).asReadOnly());
    }

    /**
     * Begins with a connection that was just accepted: adds handlers at the end of its pipeline, which is to have none yet that expect
     * what the client sends.
     *
     * @param timeout for the handshake to be complete
     * @param turns in which the connection's event loop does handshakes: a rush of them keeps nobody waiting who has come before
     * @param ready called on the event loop once it is, with what does TLS from then on; not at all if it fails
     */
    public void begin(Channel channel, Duration timeout, Executor turns, Consumer<SslHandler> ready) {
        ChannelPipeline pipeline = channel.pipeline();
        pipeline.addLast(new FirstByte(), new NamedHandshake(timeout, turns), new HandshakeEnd(ready));
    }

    private SslHandler newHandler(@Nullable String name, ByteBufAllocator allocator, Duration timeout) {
        SslContext context = store.pick(name);
        for (; ; ) {
            try {
                SslHandler handler = context.newHandler(allocator);
                // 0 would be for ever.
                handler.setHandshakeTimeoutMillis(Math.max(1, timeout.toMillis()));
                return handler;
            } catch (IllegalReferenceCountException replaced) {
                SslContext next = store.pick(name);
                if (next == context) {
                    throw replaced;
                }
                context = next;
            }
        }
    }

    private void pick(@Nullable String name, Promise<SslContext> picked) {
        SslContext context;
        try {
            context = store.pick(name);
        } catch (RuntimeException unusable) {
            picked.setFailure(unusable);
            return;
        }
        picked.setSuccess(context);
    }

    /** Waits for the first bytes: whoever speaks clear text here gets told so in it. */
    private final class FirstByte extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            if (!bytes.isReadable() || bytes.getUnsignedByte(bytes.readerIndex()) == HANDSHAKE) {
                context.pipeline().remove(this);
                context.fireChannelRead(message);
                return;
            }
            boolean isText = Character.isLetter(bytes.getUnsignedByte(bytes.readerIndex()));
            ReferenceCountUtil.release(message);
            counts.failed(HandshakeFailure.NOT_TLS);
            log.debug(
                    "{}: no TLS, though this port speaks it", context.channel().remoteAddress());
            // Nothing that comes behind it is looked at.
            context.pipeline().remove(HandshakeEnd.class);
            context.pipeline().remove(NamedHandshake.class);
            context.channel().config().setAutoRead(false);
            if (isText) {
                context.writeAndFlush(CLEAR_TEXT_REPLY.duplicate()).addListener(ChannelFutureListener.CLOSE);
            } else {
                var unused = context.close();
            }
        }
    }

    /** Reads the name that the client asks for, and gives way to what does the handshake with the certificate for it. */
    private final class NamedHandshake extends SniHandler {
        private final Duration timeout;
        private final long begun = System.nanoTime();
        private boolean refused;

        NamedHandshake(Duration timeout, Executor turns) {
            super(
                    (name, promise) -> {
                        // Nothing more is read until its turn has come, and what costs much begins then.
                        turns.execute(() -> pick(name, promise));
                        return promise;
                    },
                    LONGEST_HELLO,
                    timeout.toMillis());
            this.timeout = timeout;
        }

        @Override
        protected Future<SslContext> lookup(ChannelHandlerContext context, @Nullable ByteBuf hello) throws Exception {
            List<String> offered = hello == null ? null : OfferedProtocols.of(hello);
            if (offered == null || !Collections.disjoint(offered, store.protocols())) {
                return super.lookup(context, hello);
            }
            if (!refused) {
                refused = true;
                var unused = context.writeAndFlush(OfferedProtocols.refusal());
            }
            return context.executor()
                    .newFailedFuture(new SSLHandshakeException(
                            "no_application_protocol: none of " + offered + " is spoken here"));
        }

        @Override
        protected void replaceHandler(ChannelHandlerContext context, String hostname, SslContext unused) {
            if (context.isRemoved()) {
                // It has waited for its turn for longer than the whole handshake may take, or was closed meanwhile.
                return;
            }
            Duration left = timeout.minusNanos(System.nanoTime() - begun);
            SslHandler handler = newHandler(hostname, context.alloc(), left);
            context.pipeline().replace(this, "tls", handler);
        }
    }

    /** Waits for the end of the handshake. */
    private final class HandshakeEnd extends ChannelInboundHandlerAdapter {
        private final Consumer<SslHandler> ready;
        private boolean over;

        HandshakeEnd(Consumer<SslHandler> ready) {
            this.ready = ready;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            boolean named = event instanceof SniCompletionEvent;
            if (over || !(event instanceof SslCompletionEvent end) || (named && end.isSuccess())) {
                context.fireUserEventTriggered(event);
                return;
            }
            over = true;
            if (end.isSuccess()) {
                counts.done();
                SslHandler tls = context.pipeline().get(SslHandler.class);
                context.pipeline().remove(this);
                ready.accept(tls);
            } else {
                failed(context, end.cause());
            }
        }

        private void failed(ChannelHandlerContext context, Throwable cause) {
            HandshakeFailure why = HandshakeFailure.of(cause);
            counts.failed(why);
            log.debug("{}: no handshake ({}): {}", context.channel().remoteAddress(), why.word(), cause.toString());
            var unused = context.close();
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (!over) {
                over = true;
                counts.failed(HandshakeFailure.CLOSED);
            }
            context.fireChannelInactive();
        }

        /** What follows a failure has been said by then. */
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            log.debug("{}: {}", context.channel().remoteAddress(), cause.toString());
            var unused = context.close();
        }
    }
}

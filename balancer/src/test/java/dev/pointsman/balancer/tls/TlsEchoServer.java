package dev.pointsman.balancer.tls;

import dev.pointsman.balancer.loop.Channels;
import dev.pointsman.balancer.loop.CostlyTurns;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that speaks TLS by a {@link TlsFront}, and replies to whatever comes with one line: version, protocol and client's subject. */
final class TlsEchoServer implements AutoCloseable {
    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final HandshakeCounts counts = new HandshakeCounts();
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicInteger answered = new AtomicInteger();
    private final Channel listening;
    private volatile int answeredBeforeEcho;

    TlsEchoServer(CertificateStore store, Duration timeout) {
        TlsFront front = new TlsFront(store, counts);
        CostlyTurns turns = new CostlyTurns(loops.next(), System::nanoTime);
        listening = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        accepted.incrementAndGet();
                        channel.pipeline().addLast(new FirstAnswer());
                        front.begin(channel, timeout, turns::add, tls -> channel.pipeline()
                                .addLast(new Echo(tls)));
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .syncUninterruptibly()
                .channel();
    }

    int port() {
        return ((InetSocketAddress) listening.localAddress()).getPort();
    }

    HandshakeCounts counts() {
        return counts;
    }

    /** How many connections it has accepted. */
    int accepted() {
        return accepted.get();
    }

    /** How many connections had been sent anything, when the newest line was received that it replied to. */
    int answeredBeforeEcho() {
        return answeredBeforeEcho;
    }

    /** Has its one event loop wait, so that what is sent to it by then arrives in the same turn. */
    CountDownLatch hold() throws InterruptedException {
        CountDownLatch holding = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        loops.execute(() -> {
            holding.countDown();
            try {
                end.await();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        });
        holding.await();
        return end;
    }

    @Override
    public void close() {
        loops.shutdownGracefully(0, 1, java.util.concurrent.TimeUnit.SECONDS).syncUninterruptibly();
    }

    /** Counts a connection when it is sent something for the first time. */
    private final class FirstAnswer extends ChannelOutboundHandlerAdapter {
        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
            answered.incrementAndGet();
            context.pipeline().remove(this);
            var unused = context.write(message, promise);
        }
    }

    private final class Echo extends SimpleChannelInboundHandler<ByteBuf> {
        private final SslHandler tls;

        Echo(SslHandler tls) {
            this.tls = tls;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, ByteBuf unused) {
            answeredBeforeEcho = answered.get();
            String line = tls.engine().getSession().getProtocol() + " " + tls.applicationProtocol() + " "
                    + ClientSubject.of(tls.engine().getSession()) + "\n";
            Channels.writeAndFlush(context, Unpooled.copiedBuffer(line, StandardCharsets.US_ASCII));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable gone) {
            Channels.close(context);
        }
    }
}

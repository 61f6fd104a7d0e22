package dev.pointsman.balancer.tls;

import dev.pointsman.balancer.loop.Channels;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
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

/** A server that speaks TLS by a {@link TlsFront}, and replies to whatever comes with one line: version, protocol and client's subject. */
final class TlsEchoServer implements AutoCloseable {
    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final HandshakeCounts counts = new HandshakeCounts();
    private final Channel listening;

    TlsEchoServer(CertificateStore store, Duration timeout) {
        TlsFront front = new TlsFront(store, counts);
        listening = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        front.begin(channel, timeout, tls -> channel.pipeline().addLast(new Echo(tls)));
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

    @Override
    public void close() {
        loops.shutdownGracefully(0, 1, java.util.concurrent.TimeUnit.SECONDS).syncUninterruptibly();
    }

    private static final class Echo extends SimpleChannelInboundHandler<ByteBuf> {
        private final SslHandler tls;

        Echo(SslHandler tls) {
            this.tls = tls;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, ByteBuf unused) {
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

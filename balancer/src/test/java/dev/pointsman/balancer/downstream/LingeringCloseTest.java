package dev.pointsman.balancer.downstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.loop.Channels;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LingeringCloseTest {
    /** More than the system keeps for a client that does not read. */
    private static final int MUCH = 32 * 1024 * 1024;

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final CompletableFuture<SocketChannel> accepted = new CompletableFuture<>();
    private final LingeringClose lingering = new LingeringClose();

    private Socket client = new Socket();

    @BeforeEach
    void connect() throws Exception {
        Channel port = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline().addLast(new ChannelInboundHandlerAdapter());
                        accepted.complete(channel);
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .sync()
                .channel();
        InetSocketAddress address = (InetSocketAddress) port.localAddress();
        client = new Socket(address.getAddress(), address.getPort());
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }

    @Test
    void a_client_that_reads_slowly_gets_all_that_was_written() throws Exception {
        endAfter(MUCH);

        assertThat(client.getInputStream().readAllBytes()).hasSize(MUCH);
    }

    @Test
    void the_other_side_has_a_second() throws Exception {
        endAfter(10);

        check(Duration.ofSeconds(1));
        assertThat(client.getInputStream().readAllBytes()).hasSize(10);
        assertThat(channel().isOpen()).isTrue();
        check(Duration.ofMillis(1001));
        assertThat(isClosed()).isTrue();
    }

    @Test
    void a_client_that_takes_nothing_is_cut_off_after_a_minute() throws Exception {
        endAfter(MUCH);

        check(Duration.ofSeconds(60));
        assertThat(channel().isOpen()).isTrue();
        check(Duration.ofMillis(60_001));
        assertThat(isClosed()).isTrue();
    }

    private SocketChannel channel() throws Exception {
        return accepted.get(10, TimeUnit.SECONDS);
    }

    private void endAfter(int bytes) throws Exception {
        SocketChannel channel = channel();
        onLoop(() -> {
            Channels.writeAndFlush(channel, Unpooled.wrappedBuffer(new byte[bytes]));
            lingering.begin(channel, channel.pipeline().firstContext(), channel.newPromise(), 0);
        });
    }

    private void check(Duration now) throws Exception {
        onLoop(() -> lingering.check(now.toNanos()));
    }

    private void onLoop(Runnable action) throws Exception {
        channel().eventLoop().submit(action).get(10, TimeUnit.SECONDS);
    }

    private boolean isClosed() throws Exception {
        return channel().closeFuture().await(10, TimeUnit.SECONDS);
    }
}

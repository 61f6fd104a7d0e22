package dev.pointsman.balancer.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.http.UpstreamTransport;
import dev.pointsman.balancer.loop.LoopTurns;
import dev.pointsman.balancer.loop.TimeoutTicker;
import dev.pointsman.balancer.testkit.ScarceSockets;
import dev.pointsman.balancer.upstream.http1.Http1UpstreamConnections;
import dev.pointsman.balancer.upstream.http2.Http2UpstreamConnections;
import dev.pointsman.pick.RoundRobin;
import dev.pointsman.pool.Pool;
import dev.pointsman.pool.Upstream;
import dev.pointsman.registry.Health;
import dev.pointsman.registry.Instance;
import dev.pointsman.registry.InstanceKey;
import dev.pointsman.registry.ServiceView;
import dev.pointsman.registry.Weights;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.resolver.DefaultAddressResolverGroup;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Connections that this process cannot open for want of file descriptors. */
class OwnShortageTest {
    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final EventLoop loop = group.next();
    private final Pool pool = new Pool("svc", new RoundRobin());

    private final ScarceSockets sockets = new ScarceSockets();

    private ServerSocket first;
    private ServerSocket second;

    @BeforeEach
    void listen() throws IOException {
        first = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        second = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        pool.apply(new ServiceView(
                "svc", List.of(instance("a", first.getLocalPort()), instance("b", second.getLocalPort()))));
    }

    @AfterEach
    void close() throws Exception {
        first.close();
        second.close();
        group.shutdownGracefully(0, 0, TimeUnit.SECONDS).get(10, TimeUnit.SECONDS);
    }

    private static Instance instance(String id, int port) {
        return new Instance(
                new InstanceKey("n1", id),
                "svc",
                "127.0.0.1",
                port,
                List.of(),
                Map.of(),
                Weights.DEFAULT,
                Health.PASSING,
                "");
    }

    private UpstreamConnections connections(UpstreamRoom room) throws Exception {
        return onLoop(() -> {
            ConnectionOpener opener = new ConnectionOpener(
                    loop,
                    DefaultAddressResolverGroup.INSTANCE,
                    new ConnectionOptions(
                            Duration.ofSeconds(5), Duration.ofSeconds(60), Duration.ofSeconds(60), 8192, 8192, 8192),
                    new TimeoutTicker(loop, System::nanoTime, Duration.ofMillis(100)),
                    LoopTurns.of(loop),
                    room);
            return new UpstreamConnections(
                    opener, new Http1UpstreamConnections(opener), new Http2UpstreamConnections(opener));
        });
    }

    @Test
    void a_failure_to_make_a_channel_is_reported_on_the_loop_and_as_a_shortage_of_our_own() throws Exception {
        UpstreamConnections connections = connections(new UpstreamRoom(UpstreamRoom.ANY, sockets));
        sockets.missing(1);

        Connecting connecting = connect(connections, upstream(0));

        assertThat(connecting.failure())
                .isInstanceOf(NoChannelException.class)
                .hasMessageContaining("Too many open files");
        assertThat(connecting.onLoop).isTrue();
    }

    @Test
    void an_instance_that_refuses_is_no_shortage() throws Exception {
        first.close();

        Throwable failure = connect(connections(new UpstreamRoom(UpstreamRoom.ANY, sockets)), upstream(0))
                .failure();

        assertThat(failure).isInstanceOf(ConnectException.class);
        assertThat(NoChannelException.isShortage(failure)).isFalse();
    }

    @Test
    void where_descriptors_are_missing_an_idle_connection_is_closed_for_a_new_one() throws Exception {
        UpstreamConnections connections = connections(new UpstreamRoom(UpstreamRoom.ANY, sockets));
        UpstreamStream idle = connect(connections, upstream(0)).connection();
        onLoop(() -> {
            idle.returnUnused();
            return idle;
        });
        sockets.missing(1);

        connect(connections, upstream(1)).connection();

        assertThat(first.accept().getInputStream().read())
                .as("end of the idle one")
                .isEqualTo(-1);
    }

    @Test
    void beyond_the_room_for_connections_an_idle_one_is_closed_for_a_new_one() throws Exception {
        UpstreamConnections connections = connections(new UpstreamRoom(1, sockets));
        UpstreamStream idle = connect(connections, upstream(0)).connection();
        onLoop(() -> {
            idle.returnUnused();
            return idle;
        });

        connect(connections, upstream(1)).connection();

        assertThat(first.accept().getInputStream().read())
                .as("end of the idle one")
                .isEqualTo(-1);
    }

    @Test
    void a_connection_that_is_idle_on_another_loop_is_closed_too() throws Exception {
        UpstreamRoom room = new UpstreamRoom(1, sockets);
        UpstreamStream idle = connect(connections(room), upstream(0)).connection();
        onLoop(() -> {
            idle.returnUnused();
            return idle;
        });

        connect(connections(room), upstream(1)).connection();

        assertThat(first.accept().getInputStream().read())
                .as("end of the idle one")
                .isEqualTo(-1);
    }

    private Upstream upstream(int index) {
        return pool.snapshot().upstreams().get(index);
    }

    private Connecting connect(UpstreamConnections connections, Upstream to) throws Exception {
        return onLoop(() -> {
            Connecting connecting = new Connecting();
            connections.connect(to, UpstreamTransport.PLAIN, false, connecting);
            return connecting;
        });
    }

    private <T> T onLoop(Callable<T> work) throws Exception {
        return loop.submit(work).get(10, TimeUnit.SECONDS);
    }

    private final class Connecting implements StreamListener {
        private final CompletableFuture<UpstreamStream> connected = new CompletableFuture<>();
        private final CompletableFuture<Throwable> failed = new CompletableFuture<>();
        private volatile boolean onLoop;

        @Override
        public void connected(UpstreamStream connection) {
            onLoop = loop.inEventLoop();
            connected.complete(connection);
        }

        @Override
        public void notConnected(Throwable cause) {
            onLoop = loop.inEventLoop();
            failed.complete(cause);
        }

        UpstreamStream connection() throws Exception {
            return connected.get(10, TimeUnit.SECONDS);
        }

        Throwable failure() throws Exception {
            return failed.get(10, TimeUnit.SECONDS);
        }
    }
}

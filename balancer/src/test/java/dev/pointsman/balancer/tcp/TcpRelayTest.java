package dev.pointsman.balancer.tcp;

import static dev.pointsman.balancer.tcp.TcpTestBalancer.ends;
import static dev.pointsman.balancer.tcp.TcpTestBalancer.read;
import static dev.pointsman.balancer.tcp.TcpTestBalancer.readAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a TCP route passes on, by real sockets: every byte, both ends, resets, and no more than is read. */
@Timeout(60)
class TcpRelayTest {
    private static final int LARGE = 50_000_000;
    private static final int CHUNK = 64 * 1024;

    @RegisterExtension
    private final TcpTestBalancer balancer = new TcpTestBalancer();

    @Test
    void bytes_go_both_ways_while_both_sides_are_open() throws Exception {
        balancer.serve("db-1", TcpTestBalancer::echo);
        Socket client = balancer.connect("tcp=127.0.0.1:0=svc");

        client.getOutputStream().write("hello".getBytes(StandardCharsets.US_ASCII));

        assertThat(read(client, 5)).isEqualTo("hello");
        client.getOutputStream().write(" again".getBytes(StandardCharsets.US_ASCII));
        assertThat(read(client, 6)).isEqualTo(" again");
    }

    @Test
    void an_instance_that_speaks_first_is_heard() throws Exception {
        balancer.serve("db-1", socket -> {
            socket.getOutputStream().write("ready".getBytes(StandardCharsets.US_ASCII));
            socket.getInputStream().read();
        });

        assertThat(read(balancer.connect("tcp=127.0.0.1:0=svc"), 5)).isEqualTo("ready");
    }

    @Test
    void a_client_that_has_sent_all_still_gets_the_answer() throws Exception {
        balancer.serve("db-1", socket -> {
            byte[] all = socket.getInputStream().readAllBytes();
            socket.getOutputStream().write(("got " + all.length).getBytes(StandardCharsets.US_ASCII));
        });
        Socket client = balancer.connect("tcp=127.0.0.1:0=svc");

        client.getOutputStream().write(new byte[1000]);
        client.shutdownOutput();

        assertThat(readAll(client)).isEqualTo("got 1000");
    }

    @Test
    void an_instance_that_has_sent_all_still_gets_what_the_client_sends() throws Exception {
        CompletableFuture<Integer> got = new CompletableFuture<>();
        balancer.serve("db-1", socket -> {
            socket.getOutputStream().write("bye".getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            got.complete(socket.getInputStream().readAllBytes().length);
        });
        Socket client = balancer.connect("tcp=127.0.0.1:0=svc");

        assertThat(readAll(client)).isEqualTo("bye");
        client.getOutputStream().write(new byte[1234]);
        client.shutdownOutput();

        assertThat(got.get(10, TimeUnit.SECONDS)).isEqualTo(1234);
    }

    @Test
    void a_reset_is_passed_on_as_a_reset() throws Exception {
        CompletableFuture<Throwable> seen = new CompletableFuture<>();
        balancer.serve("db-1", socket -> {
            socket.getOutputStream().write(1);
            try {
                seen.completeExceptionally(
                        new AssertionError("an end: " + socket.getInputStream().readAllBytes().length));
            } catch (SocketException reset) {
                seen.complete(reset);
            }
        });
        Socket client = balancer.connect("tcp=127.0.0.1:0=svc");
        assertThat(client.getInputStream().read()).isEqualTo(1);

        client.setSoLinger(true, 0);
        client.close();

        assertThat(seen.get(10, TimeUnit.SECONDS)).hasMessageContaining("reset");
    }

    @Test
    void fifty_megabytes_come_whole_to_a_slow_reader_and_are_not_piled_up_meanwhile() throws Exception {
        byte[] chunk = new byte[CHUNK];
        new Random(1).nextBytes(chunk);
        CRC32 sentSum = new CRC32();
        AtomicInteger written = new AtomicInteger();
        balancer.serve("db-1", socket -> {
            for (int sent = 0; sent < LARGE; ) {
                int size = Math.min(CHUNK, LARGE - sent);
                socket.getOutputStream().write(chunk, 0, size);
                sentSum.update(chunk, 0, size);
                sent += size;
                written.set(sent);
            }
        });
        Socket client = balancer.connect("tcp=127.0.0.1:0=svc", 8192);
        AtomicInteger before = new AtomicInteger(-1);
        await().pollInterval(Duration.ofMillis(200)).until(() -> {
            int now = written.get();
            return now > 0 && now == before.getAndSet(now);
        });

        // What both kernels hold of two connections, and little more.
        assertThat(before.get()).isLessThan(20_000_000);
        CRC32 gotSum = new CRC32();
        long got = 0;
        byte[] buffer = new byte[CHUNK];
        InputStream in = client.getInputStream();
        for (int size = in.read(buffer); size >= 0; size = in.read(buffer)) {
            gotSum.update(buffer, 0, size);
            got += size;
        }
        assertThat(got).isEqualTo(LARGE);
        assertThat(gotSum.getValue()).isEqualTo(sentSum.getValue());
    }

    @Test
    void a_reload_of_the_registry_leaves_open_connections_of_an_instance_that_goes() throws Exception {
        balancer.serve("db-1", TcpTestBalancer::echo);
        Socket client = balancer.connect("tcp=127.0.0.1:0=svc");
        client.getOutputStream().write('a');
        assertThat(read(client, 1)).isEqualTo("a");
        balancer.serve("db-2", socket -> socket.getOutputStream().write('2'));
        balancer.consul().forget("db-1");
        await().atMost(Duration.ofSeconds(10))
                .until(() -> readAll(balancer.socket()).equals("2"));

        client.getOutputStream().write('b');

        assertThat(read(client, 1)).isEqualTo("b");
    }

    @Test
    void a_connection_has_the_drain_time_when_the_balancer_stops() throws Exception {
        balancer.serve("db-1", TcpTestBalancer::echo);
        Socket client = balancer.connect("tcp=127.0.0.1:0=svc", "drain=20s");
        client.getOutputStream().write('a');
        assertThat(read(client, 1)).isEqualTo("a");
        int port = balancer.ports().get(1);
        CompletableFuture<Void> stopped = CompletableFuture.runAsync(() -> {
            try {
                balancer.stop();
            } catch (Exception failed) {
                throw new IllegalStateException(failed);
            }
        });
        await().atMost(Duration.ofSeconds(10)).until(() -> isRefused(port));

        client.getOutputStream().write('b');

        assertThat(read(client, 1)).isEqualTo("b");
        assertThat(stopped).isNotDone();
        client.close();
        stopped.get(10, TimeUnit.SECONDS);
    }

    @Test
    void silence_ends_a_connection() throws Exception {
        balancer.serve("db-1", TcpTestBalancer::echo);

        assertThat(ends(balancer.connect("tcp=127.0.0.1:0=svc;tcp-idle-timeout=200ms")))
                .isTrue();
    }

    private static boolean isRefused(int port) {
        try {
            new Socket(InetAddress.getLoopbackAddress(), port).close();
            return false;
        } catch (IOException refused) {
            return true;
        }
    }
}

package dev.pointsman.balancer.tcp;

import static dev.pointsman.balancer.tcp.TcpTestBalancer.ends;
import static dev.pointsman.balancer.tcp.TcpTestBalancer.read;
import static dev.pointsman.balancer.tcp.TcpTestBalancer.readAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.testkit.FreePorts;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Which instances the connections of a TCP route go to, and which get none. */
@Timeout(60)
class TcpInstancesTest {
    @RegisterExtension
    private final TcpTestBalancer balancer = new TcpTestBalancer();

    @Test
    void connections_are_spread_over_the_instances() throws Exception {
        for (String id : List.of("a", "b")) {
            balancer.serve(id, socket -> socket.getOutputStream().write(id.getBytes(StandardCharsets.US_ASCII)));
        }
        balancer.start("tcp=127.0.0.1:0=svc");
        List<String> seen = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            seen.add(readAll(balancer.socket()));
        }

        assertThat(seen).contains("a", "b");
    }

    @Test
    void a_connection_goes_on_to_another_instance_where_one_cannot_be_reached() throws Exception {
        balancer.consul().list("svc", "dead", FreePorts.take(), "passing", "");
        balancer.serve("db-1", TcpTestBalancer::echo);
        balancer.start("tcp=127.0.0.1:0=svc");

        for (int i = 0; i < 10; i++) {
            Socket client = balancer.socket();
            client.getOutputStream().write('x');
            assertThat(read(client, 1)).isEqualTo("x");
        }
        assertThat(balancer.admin().get("/metrics").body())
                .containsPattern("pointsman_tcp_connect_failures_total\\{route=\":0\"} [1-9]")
                .containsPattern("pointsman_tcp_connections_accepted_total\\{route=\":0\"} 10");
    }

    @Test
    void a_port_that_is_open_for_tags_has_the_instances_that_announce_it() throws Exception {
        int port = FreePorts.take();
        balancer.serve("db", "db-1", TcpTestBalancer::echo);
        balancer.consul().tag("db-1", "urlprefix-:" + port + " proto=tcp");
        balancer.start("tcp=127.0.0.1:" + port, "fabio-tags=true");
        Socket client = balancer.socket();

        client.getOutputStream().write("hello".getBytes(StandardCharsets.US_ASCII));

        assertThat(read(client, 5)).isEqualTo("hello");
        assertThat(balancer.admin().get("/api/routes").body()).contains(":" + port);
    }

    @Test
    void an_instance_that_refuses_connections_is_ejected() throws Exception {
        balancer.consul().list("svc", "dead", FreePorts.take(), "passing", "");
        balancer.serve("db-1", TcpTestBalancer::echo);
        balancer.start("tcp=127.0.0.1:0=svc;max-connect-fails=2;fail-timeout=1m");
        for (int i = 0; i < 20; i++) {
            Socket client = balancer.socket();
            client.getOutputStream().write('x');
            assertThat(read(client, 1)).isEqualTo("x");
        }

        assertThat(balancer.admin().get("/metrics").body())
                .containsPattern("pointsman_tcp_connect_failures_total\\{route=\":0\"} 2");
    }

    @Test
    void an_instance_that_takes_no_connections_gets_none_once_its_check_has_failed() throws Exception {
        int dead = FreePorts.take();
        balancer.serve("db-1", TcpTestBalancer::echo);
        balancer.consul().list("svc", "dead", dead, "passing", "");
        balancer.start("tcp=127.0.0.1:0=svc;health=tcp;health-interval=100ms;max-connect-fails=0");

        await().atMost(Duration.ofSeconds(10))
                .until(() -> balancer.admin().get("/api/services").body().contains("Connection refused"));
        Socket client = balancer.socket();
        client.getOutputStream().write('x');

        assertThat(read(client, 1)).isEqualTo("x");
        assertThat(balancer.admin().get("/metrics").body())
                .contains("pointsman_tcp_connect_failures_total{route=\":0\"} 0");
    }

    @Test
    void an_instance_that_takes_connections_again_gets_them_when_its_checks_have_passed() throws Exception {
        int port = FreePorts.take();
        balancer.start(
                "tcp=127.0.0.1:0=tcp://127.0.0.1:" + port + ";health=tcp;health-interval=100ms;max-connect-fails=0");
        await().atMost(Duration.ofSeconds(10))
                .until(() -> balancer.admin().get("/api/services").body().contains("Connection refused"));

        ServerSocket server = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
        try (server) {
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> !balancer.admin().get("/api/services").body().contains("Connection refused"));
        }
    }

    @Test
    void an_ejected_instance_gets_connections_again_after_one_that_stood() throws Exception {
        int port = FreePorts.take();
        balancer.start("tcp=127.0.0.1:0=tcp://127.0.0.1:" + port + ";max-connect-fails=1;fail-timeout=100ms");
        assertThat(ends(balancer.socket())).isTrue();
        try (ServerSocket server = new ServerSocket(port, 50, InetAddress.getLoopbackAddress())) {
            await().atMost(Duration.ofSeconds(10)).until(() -> {
                Socket client = balancer.socket();
                client.setSoTimeout(300);
                try {
                    return client.getInputStream().read() != -1;
                } catch (SocketTimeoutException stands) {
                    return true;
                } catch (SocketException refused) {
                    return false;
                }
            });
            server.accept().close();
        }
    }
}

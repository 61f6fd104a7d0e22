package dev.pointsman.balancer.tcp;

import static dev.pointsman.balancer.tcp.TcpTestBalancer.ends;
import static dev.pointsman.balancer.tcp.TcpTestBalancer.readAll;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** TLS that is passed through: the route is chosen by the name that a client asks for. */
@Timeout(60)
class TlsPassthroughTest {
    @RegisterExtension
    private final TcpTestBalancer balancer = new TcpTestBalancer();

    @Test
    void the_name_that_a_client_asks_for_chooses_the_route_and_every_byte_of_its_hello_is_passed_on() throws Exception {
        balancer.serve("exact", "db-1", socket -> answer("exact", socket));
        balancer.serve("below", "db-2", socket -> answer("below", socket));
        balancer.serve("rest", "db-3", socket -> answer("rest", socket));
        balancer.start(
                "tcp=127.0.0.1:0=exact;tls-passthrough;names=db.example.com",
                "tcp=127.0.0.1:0=below;tls-passthrough;names=*.example.com",
                "tcp=127.0.0.1:0=rest;tls-passthrough");

        for (boolean inPieces : List.of(false, true)) {
            assertThat(ask(ClientHellos.of("DB.example.com"), inPieces)).isEqualTo("exact");
            assertThat(ask(ClientHellos.of("other.example.com"), inPieces)).isEqualTo("below");
            assertThat(ask(ClientHellos.of("example.net"), inPieces)).isEqualTo("rest");
            assertThat(ask(ClientHellos.of(null), inPieces)).isEqualTo("rest");
            assertThat(ask(ClientHellos.inRecordsOf(7, ClientHellos.of("db.example.com")), inPieces))
                    .isEqualTo("exact");
        }
    }

    @Test
    void a_name_that_no_route_is_for_is_refused() throws Exception {
        balancer.serve("db-1", TcpTestBalancer::echo);
        Socket client = balancer.connect("tcp=127.0.0.1:0=svc;tls-passthrough;names=db.example.com");

        client.getOutputStream().write(ClientHellos.of("other.example.com"));

        assertThat(ends(client)).isTrue();
    }

    @Test
    void a_client_that_never_says_its_name_or_its_address_is_not_waited_for() throws Exception {
        balancer.serve("db-1", TcpTestBalancer::echo);
        balancer.start(
                "tcp=127.0.0.1:0=svc;tls-passthrough;proxy-protocol", "head-timeout=1s", "trusted-proxies=127.0.0.1");
        Socket silent = balancer.socket();
        Socket slow = balancer.socket();

        slow.getOutputStream().write("PROXY UNKNOWN\r\n".getBytes(StandardCharsets.US_ASCII));
        slow.getOutputStream().write(ClientHellos.of("db.example.com"), 0, 20);

        assertThat(ends(silent)).isTrue();
        assertThat(ends(slow)).isTrue();
        assertThat(balancer.admin().get("/metrics").body())
                .contains("kind=\"bad-proxy-header\",route=\":0\"} 1")
                .contains("kind=\"bad-client-hello\",route=\":0\"} 1");
    }

    /** Sends a ClientHello and returns what the instance that got it says, which checks that it is whole. */
    private String ask(byte[] hello, boolean inPieces) throws IOException {
        Socket client = balancer.socket();
        OutputStream out = client.getOutputStream();
        client.setTcpNoDelay(true);
        for (int at = 0; at < hello.length; at += inPieces ? 10 : hello.length) {
            out.write(hello, at, Math.min(inPieces ? 10 : hello.length, hello.length - at));
        }
        client.shutdownOutput();
        String answer = readAll(client);
        String sum = Integer.toString(Arrays.hashCode(hello));
        assertThat(answer).endsWith(" " + sum);
        return answer.substring(0, answer.indexOf(' '));
    }

    private static void answer(String name, Socket socket) throws IOException {
        byte[] all = socket.getInputStream().readAllBytes();
        socket.getOutputStream().write((name + " " + Arrays.hashCode(all)).getBytes(StandardCharsets.US_ASCII));
    }
}

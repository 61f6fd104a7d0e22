package dev.pointsman.balancer.tcp;

import static dev.pointsman.balancer.tcp.TcpTestBalancer.ends;
import static dev.pointsman.balancer.tcp.TcpTestBalancer.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whose connections a TCP route takes, and how many. */
@Timeout(60)
class TcpLimitsTest {
    @RegisterExtension
    private final TcpTestBalancer balancer = new TcpTestBalancer();

    @Test
    void beyond_the_connections_that_an_instance_may_have_a_client_waits_for_one_that_ends() throws Exception {
        balancer.serve("db-1", TcpTestBalancer::echo);
        Socket first = balancer.connect("tcp=127.0.0.1:0=svc;max-in-flight=1;queue=1;queue-timeout=30s");
        first.getOutputStream().write('a');
        assertThat(read(first, 1)).isEqualTo("a");
        Socket second = balancer.socket();
        second.getOutputStream().write('b');
        await().atMost(Duration.ofSeconds(10))
                .until(() ->
                        balancer.admin().get("/metrics").body().contains("pointsman_tcp_connections{route=\":0\"} 2"));

        Socket third = balancer.socket();
        assertThat(ends(third)).isTrue();
        assertThat(balancer.admin().get("/metrics").body()).contains("kind=\"queue-full\",route=\":0\"} 1");
        first.close();

        assertThat(read(second, 1)).isEqualTo("b");
    }

    @Test
    void a_client_that_waits_in_vain_is_closed() throws Exception {
        balancer.serve("db-1", TcpTestBalancer::echo);
        Socket first = balancer.connect("tcp=127.0.0.1:0=svc;max-requests=1;queue=5;queue-timeout=100ms");
        first.getOutputStream().write('a');
        assertThat(read(first, 1)).isEqualTo("a");

        assertThat(ends(balancer.socket())).isTrue();
        assertThat(balancer.admin().get("/metrics").body()).contains("kind=\"queue-timeout\",route=\":0\"} 1");
    }

    @ParameterizedTest
    @CsvSource({"allow=127.0.0.1, true", "allow=10.0.0.0/8, false", "deny=127.0.0.0/8, false", "deny=10.0.0.1, true"})
    void networks_may_or_may_not_connect(String option, boolean mayConnect) throws Exception {
        balancer.serve("db-1", TcpTestBalancer::echo);
        Socket client = balancer.connect("tcp=127.0.0.1:0=svc;" + option);

        if (mayConnect) {
            client.getOutputStream().write('x');
            assertThat(read(client, 1)).isEqualTo("x");
        } else {
            assertThat(ends(client)).isTrue();
            assertThat(balancer.admin().get("/metrics").body()).contains("kind=\"forbidden\",route=\":0\"} 1");
        }
    }
}

package dev.pointsman.balancer.tcp;

import static dev.pointsman.balancer.tcp.TcpTestBalancer.ends;
import static dev.pointsman.balancer.tcp.TcpTestBalancer.read;
import static dev.pointsman.balancer.tcp.TcpTestBalancer.readAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The lines of TCP connections in the access log. */
@Timeout(60)
class TcpAccessLogTest {
    @RegisterExtension
    private final TcpTestBalancer balancer = new TcpTestBalancer();

    @Test
    void each_connection_has_a_line_in_the_access_log(@TempDir Path folder) throws Exception {
        Path log = folder.resolve("access.log");
        balancer.serve("db-1", TcpTestBalancer::echo);
        Socket client = balancer.connect("tcp=127.0.0.1:0=svc", "access-log=" + log, "access-log-format=json");
        client.getOutputStream().write("hello".getBytes(StandardCharsets.US_ASCII));
        client.shutdownOutput();
        assertThat(readAll(client)).isEqualTo("hello");
        Socket rude = balancer.socket();
        rude.getOutputStream().write('x');
        assertThat(read(rude, 1)).isEqualTo("x");
        rude.setSoLinger(true, 0);
        rude.close();

        await().atMost(Duration.ofSeconds(10))
                .until(() -> Files.readAllLines(log).size() == 2);
        List<String> lines = Files.readAllLines(log);
        assertThat(lines.get(0))
                .contains("\"client\":\"127.0.0.1\"")
                .contains("\"method\":null,\"scheme\":\"tcp\"")
                .contains(
                        "\"protocol\":\"TCP\",\"status\":null,\"route\":\":0\",\"service\":\"svc\",\"instance\":\"db-1\"")
                .contains("\"attempts\":1,\"ending\":\"complete\",\"failure\":null")
                .contains("\"requestBytes\":5,\"responseBytes\":5");
        assertThat(lines.get(1)).contains("\"ending\":\"client-gone\",\"failure\":\"client-reset\"");
    }

    @Test
    void a_line_of_the_combined_format_has_the_columns_that_lines_of_requests_have(@TempDir Path folder)
            throws Exception {
        Path log = folder.resolve("access.log");
        Socket client = balancer.connect("tcp=127.0.0.1:0=svc", "access-log=" + log);
        assertThat(ends(client)).isTrue();

        await().atMost(Duration.ofSeconds(10))
                .until(() -> Files.readAllLines(log).size() == 1);
        assertThat(Files.readString(log)).matches("127\\.0\\.0\\.1 - - \\[[^]]+] \"- - TCP\" - 0 \"-\" \"-\"\n");
    }
}

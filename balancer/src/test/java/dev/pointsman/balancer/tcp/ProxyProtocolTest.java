package dev.pointsman.balancer.tcp;

import static dev.pointsman.balancer.tcp.TcpTestBalancer.ends;
import static dev.pointsman.balancer.tcp.TcpTestBalancer.readAll;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The PROXY protocol: what a header says of the client, before TCP and before HTTP, and what instances are told. */
@Timeout(60)
class ProxyProtocolTest {
    @RegisterExtension
    private final TcpTestBalancer balancer = new TcpTestBalancer();

    @Test
    void an_instance_is_told_of_the_client_by_the_proxy_protocol() throws Exception {
        balancer.serve("db-1", socket -> {
            byte[] line = socket.getInputStream().readNBytes(60);
            socket.getOutputStream().write(line);
        });
        Socket client = balancer.connect("tcp=127.0.0.1:0=svc;send-proxy=v1");

        client.getOutputStream().write(new byte[60]);

        assertThat(readAll(client))
                .startsWith(
                        "PROXY TCP4 127.0.0.1 127.0.0.1 " + client.getLocalPort() + " " + client.getPort() + "\r\n");
    }

    @Test
    void a_header_of_the_proxy_protocol_says_who_the_client_is() throws Exception {
        balancer.serve("db-1", socket -> {
            byte[] line = socket.getInputStream().readNBytes(60);
            socket.getOutputStream().write(line);
        });
        Socket client =
                balancer.connect("tcp=127.0.0.1:0=svc;proxy-protocol;send-proxy=v1", "trusted-proxies=127.0.0.1");

        client.getOutputStream()
                .write("PROXY TCP4 192.0.2.7 192.0.2.1 4711 5432\r\n".getBytes(StandardCharsets.US_ASCII));
        client.getOutputStream().write(new byte[60]);

        assertThat(readAll(client)).startsWith("PROXY TCP4 192.0.2.7 192.0.2.1 4711 5432\r\n\0");
    }

    @Test
    void a_port_for_the_proxy_protocol_refuses_who_is_no_trusted_proxy() throws Exception {
        balancer.serve("db-1", TcpTestBalancer::echo);
        Socket client = balancer.connect("tcp=127.0.0.1:0=svc;proxy-protocol", "trusted-proxies=192.0.2.1");

        assertThat(client.getInputStream().read()).isEqualTo(-1);
    }

    @Test
    void a_malformed_header_of_the_proxy_protocol_ends_the_connection() throws Exception {
        balancer.serve("db-1", TcpTestBalancer::echo);
        Socket client = balancer.connect("tcp=127.0.0.1:0=svc;proxy-protocol", "trusted-proxies=127.0.0.1");

        client.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

        assertThat(ends(client)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PROXY TCP4 192.0.2.7 192.0.2.1 99999 80|",
                "PROXY TCP4 nowhere 192.0.2.1 4711 80|",
                "PROXY TCP6 2001:db8::7 2001:db8::1 4711 80|PROXY TCP6 2001:db8:0:0:0:0:0:7 2001:db8:0:0:0:0:0:1 4711 80",
            })
    void a_header_of_the_proxy_protocol_is_taken_or_ends_the_connection(String header, @Nullable String sent)
            throws Exception {
        balancer.serve("db-1", socket -> socket.getInputStream().transferTo(socket.getOutputStream()));
        Socket client =
                balancer.connect("tcp=127.0.0.1:0=svc;proxy-protocol;send-proxy=v1", "trusted-proxies=127.0.0.1");

        client.getOutputStream().write((header + "\r\n").getBytes(StandardCharsets.US_ASCII));
        client.shutdownOutput();

        if (sent == null) {
            assertThat(ends(client)).isTrue();
        } else {
            assertThat(readAll(client)).isEqualTo(sent + "\r\n");
        }
    }

    @Test
    void a_header_of_version_2_is_read_with_what_else_it_says_and_sent() throws Exception {
        balancer.serve("db-1", TcpTestBalancer::echo);
        Socket client =
                balancer.connect("tcp=127.0.0.1:0=svc;proxy-protocol;send-proxy=v2", "trusted-proxies=127.0.0.1");
        byte[] start = HexFormat.of().parseHex("0d0a0d0a000d0a515549540a2111");
        byte[] addresses = HexFormat.of().parseHex("c0000207c0000201126701bb");

        OutputStream out = client.getOutputStream();
        out.write(start);
        out.write(new byte[] {0, 12 + 5});
        out.write(addresses);
        // A TLV of a kind that nobody knows.
        out.write(new byte[] {(byte) 0xE5, 0, 2, 7, 7});
        out.write("hello".getBytes(StandardCharsets.US_ASCII));
        client.shutdownOutput();

        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        expected.writeBytes(start);
        expected.writeBytes(new byte[] {0, 12});
        expected.writeBytes(addresses);
        expected.writeBytes("hello".getBytes(StandardCharsets.US_ASCII));
        assertThat(client.getInputStream().readAllBytes()).isEqualTo(expected.toByteArray());
    }

    @Test
    void a_port_for_http_reads_the_header_of_the_proxy_protocol_before_the_request() throws Exception {
        balancer.instance(
                "web-1",
                (request, wire) ->
                        wire.respond(200, String.valueOf(request.head().one("X-Forwarded-For"))));
        balancer.start("listen=127.0.0.1:0;proxy-protocol", "trusted-proxies=127.0.0.1");
        Socket client = balancer.socketTo(balancer.ports().get(0));

        client.getOutputStream()
                .write(
                        "PROXY TCP4 192.0.2.7 192.0.2.1 4711 80\r\nGET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                                .getBytes(StandardCharsets.US_ASCII));

        assertThat(readAll(client)).contains("192.0.2.7");
    }

    /** The header names who sends what follows; a proxy that does not say who that is has not sent the fields itself. */
    @ParameterizedTest
    @CsvSource({
        "PROXY TCP4 192.0.2.7 192.0.2.1 4711 80, 192.0.2.7",
        "PROXY TCP4 127.0.0.1 127.0.0.1 4711 80, '203.0.113.9, 127.0.0.1'",
        "PROXY UNKNOWN, 127.0.0.1"
    })
    void what_a_client_says_of_others_is_believed_by_the_address_in_the_header(String header, String forwarded)
            throws Exception {
        balancer.instance(
                "web-1",
                (request, wire) -> wire.respond(200, "<" + request.head().one("X-Forwarded-For") + ">"));
        balancer.start("listen=127.0.0.1:0;proxy-protocol", "trusted-proxies=127.0.0.1");
        Socket client = balancer.socketTo(balancer.ports().get(0));

        client.getOutputStream()
                .write((header + "\r\nGET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 203.0.113.9\r\n"
                                + "Connection: close\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));

        assertThat(readAll(client)).contains("<" + forwarded + ">");
    }
}

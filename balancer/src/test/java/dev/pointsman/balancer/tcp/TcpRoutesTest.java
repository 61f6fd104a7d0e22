package dev.pointsman.balancer.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pointsman.balancer.config.ConfigException;
import dev.pointsman.balancer.config.ConfigReader;
import dev.pointsman.balancer.testkit.TestBalancer;
import dev.pointsman.settings.Setting;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** TCP routes from the configuration to the bytes, by real sockets. */
@Timeout(60)
class TcpRoutesTest {
    private static final int LARGE = 50_000_000;
    private static final int CHUNK = 64 * 1024;

    @RegisterExtension
    private final TestBalancer balancer = new TestBalancer();

    private final List<AutoCloseable> closeables = new ArrayList<>();

    /** What an instance does with a connection. */
    @FunctionalInterface
    private interface Served {
        void by(Socket socket) throws Exception;
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : closeables) {
            each.close();
        }
    }

    @Test
    void bytes_go_both_ways_while_both_sides_are_open() throws Exception {
        serve("db-1", TcpRoutesTest::echo);
        Socket client = connect("tcp=127.0.0.1:0=svc");

        client.getOutputStream().write("hello".getBytes(StandardCharsets.US_ASCII));

        assertThat(read(client, 5)).isEqualTo("hello");
        client.getOutputStream().write(" again".getBytes(StandardCharsets.US_ASCII));
        assertThat(read(client, 6)).isEqualTo(" again");
    }

    @Test
    void an_instance_that_speaks_first_is_heard() throws Exception {
        serve("db-1", socket -> {
            socket.getOutputStream().write("ready".getBytes(StandardCharsets.US_ASCII));
            socket.getInputStream().read();
        });

        assertThat(read(connect("tcp=127.0.0.1:0=svc"), 5)).isEqualTo("ready");
    }

    @Test
    void a_client_that_has_sent_all_still_gets_the_answer() throws Exception {
        serve("db-1", socket -> {
            byte[] all = socket.getInputStream().readAllBytes();
            socket.getOutputStream().write(("got " + all.length).getBytes(StandardCharsets.US_ASCII));
        });
        Socket client = connect("tcp=127.0.0.1:0=svc");

        client.getOutputStream().write(new byte[1000]);
        client.shutdownOutput();

        assertThat(readAll(client)).isEqualTo("got 1000");
    }

    @Test
    void an_instance_that_has_sent_all_still_gets_what_the_client_sends() throws Exception {
        CompletableFuture<Integer> got = new CompletableFuture<>();
        serve("db-1", socket -> {
            socket.getOutputStream().write("bye".getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            got.complete(socket.getInputStream().readAllBytes().length);
        });
        Socket client = connect("tcp=127.0.0.1:0=svc");

        assertThat(readAll(client)).isEqualTo("bye");
        client.getOutputStream().write(new byte[1234]);
        client.shutdownOutput();

        assertThat(got.get(10, TimeUnit.SECONDS)).isEqualTo(1234);
    }

    @Test
    void a_reset_is_passed_on_as_a_reset() throws Exception {
        CompletableFuture<Throwable> seen = new CompletableFuture<>();
        serve("db-1", socket -> {
            socket.getOutputStream().write(1);
            try {
                seen.completeExceptionally(
                        new AssertionError("an end: " + socket.getInputStream().readAllBytes().length));
            } catch (SocketException reset) {
                seen.complete(reset);
            }
        });
        Socket client = connect("tcp=127.0.0.1:0=svc");
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
        serve("db-1", socket -> {
            for (int sent = 0; sent < LARGE; ) {
                int size = Math.min(CHUNK, LARGE - sent);
                socket.getOutputStream().write(chunk, 0, size);
                sentSum.update(chunk, 0, size);
                sent += size;
                written.set(sent);
            }
        });
        Socket client = connect("tcp=127.0.0.1:0=svc", 8192);
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
    void a_connection_goes_on_to_another_instance_where_one_cannot_be_reached() throws Exception {
        balancer.consul().list("svc", "dead", closedPort(), "passing", "");
        serve("db-1", TcpRoutesTest::echo);
        balancer.start("tcp=127.0.0.1:0=svc");

        for (int i = 0; i < 10; i++) {
            Socket client = socket();
            client.getOutputStream().write('x');
            assertThat(read(client, 1)).isEqualTo("x");
        }
        assertThat(balancer.admin().get("/metrics").body())
                .containsPattern("pointsman_tcp_connect_failures_total\\{route=\":0\"} [1-9]")
                .containsPattern("pointsman_tcp_connections_accepted_total\\{route=\":0\"} 10");
    }

    @Test
    void connections_are_spread_over_the_instances() throws Exception {
        for (String id : List.of("a", "b")) {
            serve(id, socket -> socket.getOutputStream().write(id.getBytes(StandardCharsets.US_ASCII)));
        }
        balancer.start("tcp=127.0.0.1:0=svc");
        List<String> seen = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            seen.add(readAll(socket()));
        }

        assertThat(seen).contains("a", "b");
    }

    @Test
    void an_instance_is_told_of_the_client_by_the_proxy_protocol() throws Exception {
        serve("db-1", socket -> {
            byte[] line = socket.getInputStream().readNBytes(60);
            socket.getOutputStream().write(line);
        });
        Socket client = connect("tcp=127.0.0.1:0=svc;send-proxy=v1");

        client.getOutputStream().write(new byte[60]);

        assertThat(readAll(client))
                .startsWith(
                        "PROXY TCP4 127.0.0.1 127.0.0.1 " + client.getLocalPort() + " " + client.getPort() + "\r\n");
    }

    @Test
    void a_header_of_the_proxy_protocol_says_who_the_client_is() throws Exception {
        serve("db-1", socket -> {
            byte[] line = socket.getInputStream().readNBytes(60);
            socket.getOutputStream().write(line);
        });
        Socket client = connect("tcp=127.0.0.1:0=svc;proxy-protocol;send-proxy=v1", "trusted-proxies=127.0.0.1");

        client.getOutputStream()
                .write("PROXY TCP4 192.0.2.7 192.0.2.1 4711 5432\r\n".getBytes(StandardCharsets.US_ASCII));
        client.getOutputStream().write(new byte[60]);

        assertThat(readAll(client)).startsWith("PROXY TCP4 192.0.2.7 192.0.2.1 4711 5432\r\n\0");
    }

    @Test
    void a_port_for_the_proxy_protocol_refuses_who_is_no_trusted_proxy() throws Exception {
        serve("db-1", TcpRoutesTest::echo);
        Socket client = connect("tcp=127.0.0.1:0=svc;proxy-protocol", "trusted-proxies=192.0.2.1");

        assertThat(client.getInputStream().read()).isEqualTo(-1);
    }

    @Test
    void a_malformed_header_of_the_proxy_protocol_ends_the_connection() throws Exception {
        serve("db-1", TcpRoutesTest::echo);
        Socket client = connect("tcp=127.0.0.1:0=svc;proxy-protocol", "trusted-proxies=127.0.0.1");

        client.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

        assertThat(ends(client)).isTrue();
    }

    @Test
    void a_port_that_is_open_for_tags_has_the_instances_that_announce_it() throws Exception {
        int port = closedPort();
        serve("db", "db-1", TcpRoutesTest::echo);
        balancer.consul().tag("db-1", "urlprefix-:" + port + " proto=tcp");
        balancer.start("tcp=127.0.0.1:" + port, "fabio-tags=true");
        Socket client = socket();

        client.getOutputStream().write("hello".getBytes(StandardCharsets.US_ASCII));

        assertThat(read(client, 5)).isEqualTo("hello");
        assertThat(balancer.admin().get("/api/routes").body()).contains(":" + port);
    }

    @Test
    void a_port_for_http_reads_the_header_of_the_proxy_protocol_before_the_request() throws Exception {
        balancer.instance(
                "web-1",
                (request, wire) ->
                        wire.respond(200, String.valueOf(request.head().one("X-Forwarded-For"))));
        balancer.start("listen=127.0.0.1:0;proxy-protocol", "trusted-proxies=127.0.0.1");
        Socket client =
                new Socket(InetAddress.getLoopbackAddress(), balancer.ports().get(0));
        closeables.add(client);

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
        Socket client =
                new Socket(InetAddress.getLoopbackAddress(), balancer.ports().get(0));
        closeables.add(client);

        client.getOutputStream()
                .write((header + "\r\nGET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 203.0.113.9\r\n"
                                + "Connection: close\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));

        assertThat(readAll(client)).contains("<" + forwarded + ">");
    }

    @Test
    void a_reload_of_the_registry_leaves_open_connections_of_an_instance_that_goes() throws Exception {
        serve("db-1", TcpRoutesTest::echo);
        Socket client = connect("tcp=127.0.0.1:0=svc");
        client.getOutputStream().write('a');
        assertThat(read(client, 1)).isEqualTo("a");
        serve("db-2", socket -> socket.getOutputStream().write('2'));
        balancer.consul().forget("db-1");
        await().atMost(Duration.ofSeconds(10)).until(() -> readAll(socket()).equals("2"));

        client.getOutputStream().write('b');

        assertThat(read(client, 1)).isEqualTo("b");
    }

    @Test
    void an_instance_that_refuses_connections_is_ejected() throws Exception {
        balancer.consul().list("svc", "dead", closedPort(), "passing", "");
        serve("db-1", TcpRoutesTest::echo);
        balancer.start("tcp=127.0.0.1:0=svc;max-connect-fails=2;fail-timeout=1m");
        for (int i = 0; i < 20; i++) {
            Socket client = socket();
            client.getOutputStream().write('x');
            assertThat(read(client, 1)).isEqualTo("x");
        }

        assertThat(balancer.admin().get("/metrics").body())
                .containsPattern("pointsman_tcp_connect_failures_total\\{route=\":0\"} 2");
    }

    @Test
    void an_instance_that_takes_no_connections_gets_none_once_its_check_has_failed() throws Exception {
        int dead = closedPort();
        serve("db-1", TcpRoutesTest::echo);
        balancer.consul().list("svc", "dead", dead, "passing", "");
        balancer.start("tcp=127.0.0.1:0=svc;health=tcp;health-interval=100ms;max-connect-fails=0");

        await().atMost(Duration.ofSeconds(10))
                .until(() -> balancer.admin().get("/api/services").body().contains("Connection refused"));
        Socket client = socket();
        client.getOutputStream().write('x');

        assertThat(read(client, 1)).isEqualTo("x");
        assertThat(balancer.admin().get("/metrics").body())
                .contains("pointsman_tcp_connect_failures_total{route=\":0\"} 0");
    }

    @Test
    void an_instance_that_takes_connections_again_gets_them_when_its_checks_have_passed() throws Exception {
        int port = closedPort();
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
        int port = closedPort();
        balancer.start("tcp=127.0.0.1:0=tcp://127.0.0.1:" + port + ";max-connect-fails=1;fail-timeout=100ms");
        assertThat(ends(socket())).isTrue();
        try (ServerSocket server = new ServerSocket(port, 50, InetAddress.getLoopbackAddress())) {
            await().atMost(Duration.ofSeconds(10)).until(() -> {
                Socket client = socket();
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

    @Test
    void beyond_the_connections_that_an_instance_may_have_a_client_waits_for_one_that_ends() throws Exception {
        serve("db-1", TcpRoutesTest::echo);
        Socket first = connect("tcp=127.0.0.1:0=svc;max-in-flight=1;queue=1;queue-timeout=30s");
        first.getOutputStream().write('a');
        assertThat(read(first, 1)).isEqualTo("a");
        Socket second = socket();
        second.getOutputStream().write('b');
        await().atMost(Duration.ofSeconds(10))
                .until(() ->
                        balancer.admin().get("/metrics").body().contains("pointsman_tcp_connections{route=\":0\"} 2"));

        Socket third = socket();
        assertThat(ends(third)).isTrue();
        assertThat(balancer.admin().get("/metrics").body()).contains("kind=\"queue-full\",route=\":0\"} 1");
        first.close();

        assertThat(read(second, 1)).isEqualTo("b");
    }

    @Test
    void a_client_that_waits_in_vain_is_closed() throws Exception {
        serve("db-1", TcpRoutesTest::echo);
        Socket first = connect("tcp=127.0.0.1:0=svc;max-requests=1;queue=5;queue-timeout=100ms");
        first.getOutputStream().write('a');
        assertThat(read(first, 1)).isEqualTo("a");

        assertThat(ends(socket())).isTrue();
        assertThat(balancer.admin().get("/metrics").body()).contains("kind=\"queue-timeout\",route=\":0\"} 1");
    }

    @ParameterizedTest
    @CsvSource({"allow=127.0.0.1, true", "allow=10.0.0.0/8, false", "deny=127.0.0.0/8, false", "deny=10.0.0.1, true"})
    void networks_may_or_may_not_connect(String option, boolean mayConnect) throws Exception {
        serve("db-1", TcpRoutesTest::echo);
        Socket client = connect("tcp=127.0.0.1:0=svc;" + option);

        if (mayConnect) {
            client.getOutputStream().write('x');
            assertThat(read(client, 1)).isEqualTo("x");
        } else {
            assertThat(ends(client)).isTrue();
            assertThat(balancer.admin().get("/metrics").body()).contains("kind=\"forbidden\",route=\":0\"} 1");
        }
    }

    @Test
    void each_connection_has_a_line_in_the_access_log(@TempDir Path folder) throws Exception {
        Path log = folder.resolve("access.log");
        serve("db-1", TcpRoutesTest::echo);
        Socket client = connect("tcp=127.0.0.1:0=svc", "access-log=" + log, "access-log-format=json");
        client.getOutputStream().write("hello".getBytes(StandardCharsets.US_ASCII));
        client.shutdownOutput();
        assertThat(readAll(client)).isEqualTo("hello");
        Socket rude = socket();
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
        Socket client = connect("tcp=127.0.0.1:0=svc", "access-log=" + log);
        assertThat(ends(client)).isTrue();

        await().atMost(Duration.ofSeconds(10))
                .until(() -> Files.readAllLines(log).size() == 1);
        assertThat(Files.readString(log)).matches("127\\.0\\.0\\.1 - - \\[[^]]+] \"- - TCP\" - 0 \"-\" \"-\"\n");
    }

    @Test
    void a_connection_has_the_drain_time_when_the_balancer_stops() throws Exception {
        serve("db-1", TcpRoutesTest::echo);
        Socket client = connect("tcp=127.0.0.1:0=svc", "drain=20s");
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
    void a_client_that_never_says_its_name_or_its_address_is_not_waited_for() throws Exception {
        serve("db-1", TcpRoutesTest::echo);
        balancer.start(
                "tcp=127.0.0.1:0=svc;tls-passthrough;proxy-protocol",
                "head-timeout=200ms",
                "trusted-proxies=127.0.0.1");
        Socket silent = socket();
        Socket slow = socket();

        slow.getOutputStream().write("PROXY UNKNOWN\r\n".getBytes(StandardCharsets.US_ASCII));
        slow.getOutputStream().write(ClientHellos.of("db.example.com"), 0, 20);

        assertThat(ends(silent)).isTrue();
        assertThat(ends(slow)).isTrue();
        assertThat(balancer.admin().get("/metrics").body())
                .contains("kind=\"bad-proxy-header\",route=\":0\"} 1")
                .contains("kind=\"bad-client-hello\",route=\":0\"} 1");
    }

    @Test
    void silence_ends_a_connection() throws Exception {
        serve("db-1", TcpRoutesTest::echo);

        assertThat(ends(connect("tcp=127.0.0.1:0=svc;tcp-idle-timeout=200ms"))).isTrue();
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
        serve("db-1", socket -> socket.getInputStream().transferTo(socket.getOutputStream()));
        Socket client = connect("tcp=127.0.0.1:0=svc;proxy-protocol;send-proxy=v1", "trusted-proxies=127.0.0.1");

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
        serve("db-1", TcpRoutesTest::echo);
        Socket client = connect("tcp=127.0.0.1:0=svc;proxy-protocol;send-proxy=v2", "trusted-proxies=127.0.0.1");
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

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                ":5432=a;names=db.example.com|names without tls-passthrough",
                ":5432;tls-passthrough;names=db.example.com|names, and no to",
                "5432=a|such as :8443",
                ":5432=a;nonsense=1|there is no such",
                ":5432=a;names=-x-;tls-passthrough|hosts such as db.example.com",
                ":8080=a|another port than 8080, which port by default has",
                ":5432=a;polic=random|there is no such",
                ":5432=a;policy=hash:cookie:user|a policy that needs no request",
                ":5432=https://a:1|expected: tcp://HOST:PORT",
                ":5432=a;proxy-protocol|without trusted-proxies",
                ":5432=|expected"
            })
    void a_bad_route_is_one_sentence(String flag, String expected) {
        assertThatThrownBy(() -> ConfigReader.read(List.of(Setting.flag("tcp", flag)), Map.of()))
                .isInstanceOfSatisfying(ConfigException.class, bad -> assertThat(bad.problems())
                        .singleElement()
                        .asString()
                        .contains(expected));
    }

    @Test
    void a_port_that_is_given_twice_is_refused() {
        List<Setting> twice = List.of(Setting.flag("tcp", ":5432=a"), Setting.flag("tcp", ":5432=b"));

        assertThatThrownBy(() -> ConfigReader.read(twice, Map.of())).hasMessageContaining("twice");
    }

    private static boolean isRefused(int port) {
        try {
            new Socket(InetAddress.getLoopbackAddress(), port).close();
            return false;
        } catch (IOException refused) {
            return true;
        }
    }

    @Test
    void the_name_that_a_client_asks_for_chooses_the_route_and_every_byte_of_its_hello_is_passed_on() throws Exception {
        serve("exact", "db-1", socket -> answer("exact", socket));
        serve("below", "db-2", socket -> answer("below", socket));
        serve("rest", "db-3", socket -> answer("rest", socket));
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
        serve("db-1", TcpRoutesTest::echo);
        Socket client = connect("tcp=127.0.0.1:0=svc;tls-passthrough;names=db.example.com");

        client.getOutputStream().write(ClientHellos.of("other.example.com"));

        assertThat(ends(client)).isTrue();
    }

    /** Sends a ClientHello and returns what the instance that got it says, which checks that it is whole. */
    private String ask(byte[] hello, boolean inPieces) throws IOException {
        Socket client = socket();
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

    private void serve(String id, Served served) throws IOException {
        serve("svc", id, served);
    }

    /** An instance, which closes each connection when it was served. */
    private void serve(String service, String id, Served served) throws IOException {
        ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        closeables.add(server);
        Thread accepting = new Thread(
                () -> {
                    while (!server.isClosed()) {
                        try {
                            Socket socket = server.accept();
                            closeables.add(socket);
                            Thread serving = new Thread(() -> serve(socket, served), id);
                            serving.setDaemon(true);
                            serving.start();
                        } catch (IOException closed) {
                            return;
                        }
                    }
                },
                id);
        accepting.setDaemon(true);
        accepting.start();
        balancer.consul().list(service, id, server.getLocalPort(), "passing", "");
    }

    private static void serve(Socket socket, Served served) {
        try (socket) {
            served.by(socket);
        } catch (Exception broken) {
            // The test sees it at the other end.
        }
    }

    private static void echo(Socket socket) throws IOException {
        socket.getInputStream().transferTo(socket.getOutputStream());
    }

    private Socket connect(String... flags) throws Exception {
        balancer.start(flags);
        return socket();
    }

    private Socket connect(String flag, int receiveBuffer) throws Exception {
        balancer.start(flag);
        Socket socket = new Socket();
        closeables.add(socket);
        socket.setReceiveBufferSize(receiveBuffer);
        socket.connect(new InetSocketAddress(
                InetAddress.getLoopbackAddress(), balancer.ports().get(1)));
        return socket;
    }

    private Socket socket() throws IOException {
        Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), balancer.ports().get(1));
        closeables.add(socket);
        return socket;
    }

    private static boolean ends(Socket client) throws IOException {
        try {
            int read = client.getInputStream().read();
            // A record of an alert is an end, too.
            if (read != -1) {
                var unused = client.getInputStream().readAllBytes();
            }
            return true;
        } catch (SocketException reset) {
            return true;
        }
    }

    private static int closedPort() throws IOException {
        try (ServerSocket server = new ServerSocket(0)) {
            return server.getLocalPort();
        }
    }

    private static String read(Socket client, int bytes) throws IOException {
        return new String(client.getInputStream().readNBytes(bytes), StandardCharsets.US_ASCII);
    }

    private static String readAll(Socket client) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        client.getInputStream().transferTo(all);
        return all.toString(StandardCharsets.US_ASCII);
    }
}

package dev.pointsman.balancer.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.testkit.Head;
import dev.pointsman.balancer.testkit.Message;
import dev.pointsman.balancer.testkit.TestProxy;
import dev.pointsman.balancer.testkit.Wire;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Compressed responses. */
class CompressTest {
    private static final String GZIP = "Accept-Encoding: gzip";
    private static final String TEXT = "Content-Type: text/plain; charset=utf-8";
    private static final String BODY = "the same again and again, ".repeat(200);

    @RegisterExtension
    private final TestProxy proxy = new TestProxy("route=/=svc;compress");

    private static String unpacked(String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.ISO_8859_1);
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    @Test
    void a_client_that_takes_gzip_gets_it_with_a_weak_etag() throws Exception {
        proxy.upstream((request, wire) ->
                wire.respond(200, BODY, TEXT, "ETag: \"v1\"", "Accept-Ranges: bytes", "Vary: Accept"));

        Message response = proxy.get("/", "Accept-Encoding: br, gzip;q=0.8");

        assertThat(response.head().one("content-encoding")).isEqualTo("gzip");
        assertThat(response.head().one("etag")).isEqualTo("W/\"v1\"");
        assertThat(response.head().one("vary")).isEqualTo("Accept, Accept-Encoding");
        assertThat(response.head().has("content-length")).isFalse();
        assertThat(response.head().has("accept-ranges")).isFalse();
        assertThat(response.body().length()).isLessThan(BODY.length() / 10);
        assertThat(unpacked(response.body())).isEqualTo(BODY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "identity", "gzip;q=0", "br", "*;q=0", "gzip;q=0.5, identity", "gzip;q=2"})
    void other_clients_get_it_as_it_is_and_caches_are_told_to_ask(String accepted) throws Exception {
        proxy.upstream((request, wire) -> wire.respond(200, BODY, TEXT, "ETag: \"v1\""));

        Message response = proxy.get("/", "Accept-Encoding: " + accepted);

        assertThat(response.body()).isEqualTo(BODY);
        assertThat(response.head().one("etag")).isEqualTo("\"v1\"");
        assertThat(response.head().one("vary")).isEqualTo("Accept-Encoding");
    }

    @ParameterizedTest
    @CsvSource({
        "200, Content-Type: image/png",
        "200, Content-Type: text/plain; Content-Encoding: br",
        "200, Content-Type: text/plain; Cache-Control: no-transform",
        "200, Content-Type: text/plain; Content-Digest: sha-256=:abc=:",
        "206, Content-Type: text/plain; Content-Range: bytes 0-5199/9000",
        "200, X-No-Type: at all",
    })
    void what_must_not_be_changed_is_not(int status, String fields) throws Exception {
        proxy.upstream((request, wire) -> wire.respond(status, BODY, fields.split("; ", -1)));

        assertThat(proxy.get("/", GZIP).body()).isEqualTo(BODY);
    }

    @Test
    void a_small_response_is_not_worth_it() throws Exception {
        proxy.upstream((request, wire) -> wire.respond(200, "small", TEXT));

        assertThat(proxy.get("/", GZIP).body()).isEqualTo("small");
    }

    @Test
    void a_response_to_head_has_no_length_that_is_not_that_of_get() throws Exception {
        proxy.rawUpstream(wire -> {
            wire.readHead();
            wire.sendHead("HTTP/1.1 200 OK", TEXT, "Content-Length: 5000");
        });

        Head head = proxy.request("HEAD", "/", GZIP).head();

        assertThat(head.has("content-length")).isFalse();
        assertThat(head.has("content-encoding")).isFalse();
        assertThat(head.one("vary")).isEqualTo("Accept-Encoding");
    }

    @Test
    void a_304_keeps_its_tag_and_says_what_the_response_depends_on() throws Exception {
        proxy.rawUpstream(wire -> {
            wire.readHead();
            wire.sendHead("HTTP/1.1 304 Not Modified", "ETag: \"v1\"");
        });

        Head head = proxy.get("/", GZIP, "If-None-Match: W/\"v1\"").head();

        assertThat(head.status()).isEqualTo(304);
        assertThat(head.one("vary")).isEqualTo("Accept-Encoding");
        assertThat(head.has("content-encoding")).isFalse();
    }

    @Test
    void each_piece_of_a_stream_can_be_read_when_it_arrives_and_trailers_follow() throws Exception {
        CountDownLatch read = new CountDownLatch(1);
        proxy.rawUpstream(wire -> {
            wire.readHead();
            wire.sendHead("HTTP/1.1 200 OK", "Content-Type: text/event-stream", "Transfer-Encoding: chunked");
            wire.send("5\r\nfirst\r\n");
            assertThat(read.await(10, TimeUnit.SECONDS)).isTrue();
            wire.send("6\r\nsecond\r\n0\r\nX-End: yes\r\n\r\n");
            wire.readNow();
        });
        Wire client = proxy.connect();
        TestProxy.sendRequest(client, "GET", "/", GZIP);
        assertThat(client.readHead().one("content-encoding")).isEqualTo("gzip");
        String first = client.readChunk();
        byte[] text = new byte[5];
        try (InputStream in =
                new GZIPInputStream(new ByteArrayInputStream(first.getBytes(StandardCharsets.ISO_8859_1)))) {
            assertThat(in.readNBytes(text, 0, 5)).isEqualTo(5);
        }
        assertThat(new String(text, StandardCharsets.US_ASCII)).isEqualTo("first");
        read.countDown();

        StringBuilder all = new StringBuilder(first);
        for (String chunk = client.readChunk(); !chunk.isEmpty(); chunk = client.readChunk()) {
            all.append(chunk);
        }

        assertThat(unpacked(all.toString())).isEqualTo("firstsecond");
        assertThat(client.readHead().start()).isEqualTo("X-End: yes");
    }

    @Test
    void a_large_body_that_can_hardly_be_compressed_arrives_byte_for_byte() throws Exception {
        byte[] bytes = new byte[3_000_000];
        new Random(7).nextBytes(bytes);
        String body = new String(bytes, StandardCharsets.ISO_8859_1);
        proxy.upstream((request, wire) -> wire.respond(200, body, TEXT));

        assertThat(unpacked(proxy.get("/", GZIP).body())).isEqualTo(body);
    }

    @Test
    void a_response_that_breaks_off_breaks_off_for_the_client() throws Exception {
        proxy.rawUpstream(wire -> {
            wire.readHead();
            wire.sendHead("HTTP/1.1 200 OK", TEXT, "Content-Length: 5000");
            wire.send("half");
            wire.close();
        });
        Wire client = proxy.connect();
        TestProxy.sendRequest(client, "GET", "/", GZIP);

        assertThat(client.readToEnd()).doesNotContain("\r\n0\r\n");
    }

    @Test
    void a_client_of_http_1_0_gets_it_up_to_the_end_of_the_connection() throws Exception {
        proxy.upstream((request, wire) -> wire.respond(200, BODY, TEXT));
        Wire client = proxy.connect();

        client.sendHead("GET / HTTP/1.0", "Host: example.com", GZIP);

        assertThat(unpacked(client.readMessage().body())).isEqualTo(BODY);
    }
}

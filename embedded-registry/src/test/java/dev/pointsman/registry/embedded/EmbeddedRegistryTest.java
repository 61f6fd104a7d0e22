package dev.pointsman.registry.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pointsman.testkit.TestHttp;
import dev.pointsman.testkit.TestHttp.Reply;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EmbeddedRegistryTest {
    private final Vertx vertx = Vertx.vertx();
    private EmbeddedRegistry registry;
    private TestHttp http;

    @BeforeEach
    void start() {
        registry = now(EmbeddedRegistry.start(
                vertx,
                EmbeddedRegistry.Options.defaults()
                        .withPort(0)
                        .withNodeName("here")
                        .withMinDeregisterAfter(Duration.ofMillis(1))
                        .withMinCheckInterval(Duration.ofMillis(1))));
        http = new TestHttp("http://127.0.0.1:" + registry.port());
    }

    @AfterEach
    void stop() {
        now(vertx.close());
    }

    private static <T> T now(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }

    private void register(String body) {
        assertThat(http.put("/v1/agent/service/register", body).status()).isEqualTo(200);
    }

    @Test
    void a_port_in_use_is_said_to_be_so() {
        Future<EmbeddedRegistry> second = EmbeddedRegistry.start(
                vertx, EmbeddedRegistry.Options.defaults().withPort(registry.port()));

        assertThatThrownBy(() -> now(second))
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(BindException.class);
    }

    @Test
    void closing_responds_to_blocked_queries_frees_the_port_and_can_be_done_twice() throws Exception {
        register("{\"Name\":\"web\",\"Port\":80}");
        long index = http.get("/v1/health/service/web").index();
        CompletableFuture<Reply> query = http.getLater("/v1/health/service/web?wait=5m&index=" + index);
        awaitBlocked(1);

        now(registry.close());
        now(registry.close());

        Reply reply = query.get(20, TimeUnit.SECONDS);
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.json()).hasSize(1);
        try (ServerSocket free = new ServerSocket(registry.port(), 1, InetAddress.getLoopbackAddress())) {
            assertThat(free.isBound()).isTrue();
        }
    }

    @Test
    void after_a_restart_the_index_does_not_go_back() {
        register("{\"Name\":\"web\",\"Port\":80}");
        long before = http.get("/v1/health/service/web").index();
        now(registry.close());

        registry = now(EmbeddedRegistry.start(
                vertx, EmbeddedRegistry.Options.defaults().withPort(0)));

        TestHttp again = new TestHttp("http://127.0.0.1:" + registry.port());
        assertThat(again.get("/v1/health/service/web").index()).isGreaterThanOrEqualTo(before);
        assertThat(again.get("/v1/health/service/web").body()).isEqualTo("[]");
    }

    @Test
    void a_service_whose_check_stays_critical_is_deregistered() {
        register("{\"Name\":\"web\",\"Port\":80,\"Check\":{\"TTL\":\"10ms\",\"Status\":\"passing\","
                + "\"DeregisterCriticalServiceAfter\":\"10ms\"}}");

        await().atMost(Duration.ofSeconds(20))
                .until(() -> http.get("/v1/catalog/service/web").body().equals("[]"));
        assertThat(http.get("/v1/agent/checks").body()).isEqualTo("{}");
    }

    @Test
    void heartbeats_for_an_unknown_check_get_what_makes_clients_register_again() {
        Reply reply = http.put("/v1/agent/check/pass/service:gone");

        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.body())
                .isEqualTo(
                        "Unknown check ID \"service:gone\". Ensure that the check ID is passed, not the check name.");
    }

    @Test
    void fields_of_newer_consuls_are_passed_over() {
        register(
                "{\"Name\":\"web\",\"Namespace\":\"default\",\"Partition\":\"default\",\"Locality\":{\"Region\":\"eu\"},"
                        + "\"SocketPath\":\"\",\"Ports\":[{\"Name\":\"http\",\"Port\":1}]}");

        assertThat(http.get("/v1/health/service/web").json()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "GET,    /v1/agent/service/register,       OPTIONS+PUT",
        "POST,   /v1/agent/service/register,       OPTIONS+PUT",
        "DELETE, /v1/agent/service/deregister/web, OPTIONS+PUT",
        "PUT,    /v1/health/service/web,           OPTIONS+GET",
        "POST,   /v1/kv/a,                         OPTIONS+GET+PUT+DELETE",
    })
    void another_method_is_405_and_says_which_are_allowed(String method, String path, String allow) {
        Reply reply = http.send(method, path, null, Map.of());

        assertThat(reply.status()).isEqualTo(405);
        assertThat(reply.body()).isEqualTo("method " + method + " not allowed");
        assertThat(reply.header("Allow")).isEqualTo(allow.replace("+", ","));
        Reply options = http.send("OPTIONS", path, null, Map.of());
        assertThat(options.status()).isEqualTo(200);
        assertThat(options.header("Allow")).isEqualTo(allow.replace("+", ","));
    }

    @Test
    void a_path_that_is_not_there_is_an_empty_404_and_the_root_leads_to_the_ui() {
        assertThat(http.get("/v1/nope").status()).isEqualTo(404);
        assertThat(http.get("/v1/nope").body()).isEmpty();
        assertThat(http.get("/").status()).isEqualTo(301);
        assertThat(http.get("/").header("Location")).isEqualTo("/ui/");
        assertThat(http.get("/v1/acl/tokens").status()).isEqualTo(401);
        assertThat(http.get("/v1/acl/tokens").body()).isEqualTo("ACL support disabled");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /v1/health/service/web?filter=Service.Port%3D%3D80,   has no ?filter expressions",
        "GET, /v1/agent/services?filter=Service%3D%3Dweb,           has no ?filter expressions",
        "GET, /v1/catalog/nodes?filter=Node%3D%3Dhere,              has no ?filter expressions",
        "PUT, /v1/catalog/register,                                 has no nodes but its own: register with /v1/agent",
        "PUT, /v1/catalog/deregister,                               has no nodes but its own: register with /v1/agent",
        "GET, /v1/session/list,                                     does not list sessions",
        "GET, /v1/session/info/x,                                   does not list sessions",
        "GET, /v1/session/node/here,                                does not list sessions",
        "GET, /v1/agent/metrics,                                    has no metrics",
        "GET, /v1/coordinate/nodes,                                 has no network coordinates",
        "PUT, /v1/txn,                                              has no transactions",
    })
    void what_the_registry_does_not_have_is_501_with_one_sentence(String method, String path, String sentence) {
        Reply reply = http.send(method, path, null, Map.of());

        assertThat(reply.status()).isEqualTo(501);
        assertThat(reply.body()).isEqualTo("the embedded registry " + sentence);
    }

    @Test
    void an_empty_filter_is_none() {
        assertThat(http.get("/v1/catalog/nodes?filter=").json()).hasSize(1);
    }

    @Test
    void an_id_may_have_slashes_escaped_or_not() {
        register("{\"Name\":\"web\",\"ID\":\"web/a b\"}");
        assertThat(http.get("/v1/agent/service/web%2Fa%20b").status()).isEqualTo(200);
        assertThat(http.get("/v1/agent/service/web/a%20b").status()).isEqualTo(200);
        assertThat(http.get("/v1/agent/service/web%2Fa+b").status()).isEqualTo(404);

        assertThat(http.put("/v1/agent/service/deregister/web/a%20b").status()).isEqualTo(200);

        assertThat(http.get("/v1/agent/services").body()).isEqualTo("{}");
    }

    @Test
    void json_is_compact_and_pretty_when_asked() {
        assertThat(http.get("/v1/catalog/services").body()).isEqualTo("{\"consul\":[]}");
        assertThat(http.get("/v1/catalog/services?pretty").body()).isEqualTo("{\n    \"consul\": []\n}\n");
    }

    @Test
    void responses_are_compressed_for_clients_that_accept_it() throws Exception {
        byte[] response = raw(
                "GET /v1/catalog/services HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n");
        String head = new String(response, StandardCharsets.ISO_8859_1);
        int body = head.indexOf("\r\n\r\n") + 4;

        assertThat(head.substring(0, body)).containsIgnoringCase("Content-Encoding: gzip");
        try (InputStream unzipped =
                new GZIPInputStream(new ByteArrayInputStream(response, body, response.length - body))) {
            assertThat(new String(unzipped.readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("{\"consul\":[]}");
        }
    }

    @Test
    void a_body_beyond_all_measure_is_refused_and_the_registry_lives() {
        String huge = "x".repeat(HttpApi.MAX_BODY + 1);

        assertThat(http.put("/v1/kv/k", "x".repeat(KvApi.MAX_VALUE)).body()).isEqualTo("true");
        assertThat(http.put("/v1/kv/k", "x".repeat(KvApi.MAX_VALUE + 1)).status())
                .isEqualTo(413);
        assertThat(http.put("/v1/kv/k", huge).status()).isEqualTo(413);

        assertThat(http.get("/v1/status/leader").status()).isEqualTo(200);
    }

    @Test
    void the_registrys_own_service_and_check_are_not_for_others_to_change() {
        http.put("/v1/agent/service/deregister/consul");
        http.put("/v1/agent/check/deregister/serfHealth");
        for (String registration : new String[] {
            "{\"Name\":\"consul\"}", "{\"Name\":\"web\",\"Check\":{\"CheckID\":\"serfHealth\",\"TTL\":\"1s\"}}"
        }) {
            assertThat(http.put("/v1/agent/service/register", registration).status())
                    .isEqualTo(400);
        }

        assertThat(http.get("/v1/health/service/consul?passing").json()).hasSize(1);
    }

    @Test
    void a_service_blocks_by_the_hash_of_what_it_says() throws Exception {
        register("{\"Name\":\"web\",\"Port\":80}");
        Reply first = http.get("/v1/agent/service/web");
        String hash = first.json().get("ContentHash").asText();
        assertThat(first.header("X-Consul-ContentHash")).isEqualTo(hash);
        CompletableFuture<Reply> query = http.getLater("/v1/agent/service/web?wait=5m&hash=" + hash);
        awaitBlocked(1);

        register("{\"Name\":\"web\",\"Port\":81}");

        assertThat(query.get(20, TimeUnit.SECONDS).json().get("Port").asInt()).isEqualTo(81);
    }

    @Test
    void a_check_that_cannot_be_run_is_critical_and_says_why() {
        register("{\"Name\":\"web\",\"Checks\":["
                + "{\"HTTP\":\"no url\",\"Interval\":\"20ms\",\"Status\":\"passing\"},"
                + "{\"HTTP\":\"http://127.0.0.1:1/\",\"Method\":\"G E T\",\"Interval\":\"20ms\",\"Status\":\"passing\"},"
                + "{\"TCP\":\"nowhere\",\"Interval\":\"20ms\",\"Status\":\"passing\"}]}");

        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(
                        http.get("/v1/health/checks/web").json())
                .hasSize(3)
                .allSatisfy(check -> {
                    assertThat(check.get("Status").asText()).isEqualTo("critical");
                    assertThat(check.get("Output").asText()).isNotEmpty();
                }));
    }

    @Test
    void a_query_whose_client_went_away_is_not_kept() throws Exception {
        long index = http.get("/v1/catalog/services").index();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), registry.port())) {
            String request = "GET /v1/catalog/services?wait=5m&index=" + index + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            awaitBlocked(1);
        }

        awaitBlocked(0);
    }

    @Test
    void a_web_page_cannot_register_itself() throws Exception {
        String register = "PUT /v1/agent/service/register HTTP/1.1\r\n%s\r\nContent-Length: 14\r\n"
                + "Connection: close\r\n\r\n{\"Name\":\"evil\"}";

        for (String page : new String[] {
            "Host: evil.example:8500",
            "Host: 127.0.0.1:8500\r\nOrigin: http://evil.example",
            "Host: 127.0.0.1:8500\r\nSec-Fetch-Site: cross-site"
        }) {
            assertThat(new String(raw(register.formatted(page)), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 403 ");
        }
        assertThat(http.get("/v1/catalog/services").body()).doesNotContain("evil");
    }

    private void awaitBlocked(int queries) {
        await().atMost(Duration.ofSeconds(20)).until(() -> now(registry.waiting()) == queries);
    }

    private byte[] raw(String request) throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), registry.port())) {
            OutputStream out = socket.getOutputStream();
            out.write(request.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            return socket.getInputStream().readAllBytes();
        }
    }
}

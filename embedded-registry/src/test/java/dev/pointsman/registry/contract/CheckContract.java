package dev.pointsman.registry.contract;

import static dev.pointsman.registry.contract.RegistryDriver.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import dev.pointsman.testkit.TestHttp.Reply;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Checks: reported by the service (TTL), or run by the registry (HTTP, TCP). */
interface CheckContract {
    RegistryDriver registry();

    @Test
    default void a_check_is_critical_until_it_is_told_otherwise() {
        String web = registry().fresh("web");
        registry().register(json("{'Name':'%s','Check':{'TTL':'10m'}}", web));

        registry().awaitStatus(web, "service:" + web, "critical");
    }

    @ParameterizedTest
    @CsvSource({"pass,passing", "warn,warning", "fail,critical"})
    default void a_ttl_check_takes_the_status_and_the_note_that_it_is_given(String word, String status) {
        String web = registry().fresh("web");
        registry().registerWithTtl(web, status.equals("critical") ? "passing" : "critical");

        Reply reply = registry().http().put("/v1/agent/check/" + word + "/service:" + web + "?note=as%20it%20is");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body()).isEmpty();
        JsonNode check = registry().read("/v1/agent/checks").get("service:" + web);
        assertThat(check.get("Status").asText()).isEqualTo(status);
        assertThat(check.get("Output").asText()).isEqualTo("as it is");
        registry().awaitStatus(web, "service:" + web, status);
    }

    @Test
    default void a_ttl_check_is_updated_with_status_and_output() {
        String web = registry().fresh("web");
        registry().registerWithTtl(web, "critical");

        Reply reply = registry()
                .http()
                .put("/v1/agent/check/update/service:" + web, json("{'Status':'warning','Output':'nearly full'}"));

        assertThat(reply.status()).isEqualTo(200);
        JsonNode check = registry().read("/v1/agent/checks").get("service:" + web);
        assertThat(check.get("Status").asText()).isEqualTo("warning");
        assertThat(check.get("Output").asText()).isEqualTo("nearly full");
        Reply bad = registry().http().put("/v1/agent/check/update/service:" + web, json("{'Status':'foo'}"));
        assertThat(bad.status()).isEqualTo(400);
        assertThat(bad.body()).contains("Invalid check status: 'foo'");
    }

    @Test
    default void a_ttl_check_that_is_not_renewed_turns_critical() {
        String web = registry().fresh("web");
        registry().register(json("{'Name':'%s','Check':{'TTL':'1s','Status':'passing'}}", web));

        registry().awaitStatus(web, "service:" + web, "critical");

        registry().pass("service:" + web);
        registry().awaitStatus(web, "service:" + web, "passing");
    }

    @Test
    default void a_status_for_a_check_that_is_unknown_or_takes_none_is_refused() {
        String web = registry().fresh("web");
        registry().register(json("{'Name':'%s','Check':{'TCP':'127.0.0.1:1','Interval':'1m'}}", web));

        for (String id : new String[] {"unknown", "service:" + web}) {
            Reply reply = registry().http().put("/v1/agent/check/pass/" + id);

            // 500 up to Consul 1.11.1, 404 later; the second text is the later one's
            assertThat(reply.status()).isIn(404, 500);
            assertThat(reply.body()).containsAnyOf("does not have associated TTL", "Unknown check ID \"" + id + "\"");
        }
    }

    @ParameterizedTest
    @CsvSource({"200,passing", "204,passing", "302,passing", "429,warning", "404,critical", "500,critical"})
    default void an_http_check_is_really_run_and_judged_by_its_status(int status, String health) throws IOException {
        String web = registry().fresh("web");
        try (HttpEndpoint endpoint = new HttpEndpoint(status)) {
            String initially = health.equals("critical") ? "passing" : "critical";
            registry()
                    .register(json(
                            "{'Name':'%s','Check':{'HTTP':'%s','Interval':'%s','Timeout':'5s','Status':'%s'}}",
                            web, endpoint.url(), registry().checkInterval(), initially));

            registry().awaitStatus(web, "service:" + web, health);
        }
    }

    @Test
    default void an_http_check_without_a_response_is_critical_and_says_so() throws IOException {
        String web = registry().fresh("web");
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            registry()
                    .register(json(
                            "{'Name':'%s','Check':{'HTTP':'http://127.0.0.1:%d/','Interval':'%s','Timeout':'200ms','Status':'passing'}}",
                            web, silent.getLocalPort(), registry().checkInterval()));

            JsonNode instance =
                    registry().awaitStatus(web, "service:" + web, "critical").get(0);

            assertThat(instance.at("/Checks").findValuesAsText("Output"))
                    .anySatisfy(output -> assertThat(output).isNotEmpty().doesNotContain("Agent alive"));
        }
    }

    @Test
    default void a_tcp_check_passes_as_long_as_the_port_is_open() throws IOException {
        String web = registry().fresh("web");
        try (ServerSocket open = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            registry()
                    .register(json(
                            "{'Name':'%s','Check':{'TCP':'127.0.0.1:%d','Interval':'%s','Timeout':'5s'}}",
                            web, open.getLocalPort(), registry().checkInterval()));
            registry().awaitStatus(web, "service:" + web, "passing");
        }
        registry().awaitStatus(web, "service:" + web, "critical");
    }

    @Test
    default void a_check_is_added_to_a_service_and_taken_away() {
        String web = registry().fresh("web");
        registry().registerWithTtl(web, "passing");

        Reply reply = registry()
                .http()
                .put(
                        "/v1/agent/check/register",
                        json("{'ID':'extra-%s','Name':'extra','ServiceID':'%s','TTL':'10m','Notes':'n'}", web, web));

        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        registry().awaitStatus(web, "extra-" + web, "critical");
        assertThat(registry()
                        .http()
                        .put("/v1/agent/check/deregister/extra-" + web)
                        .status())
                .isEqualTo(200);
        registry().awaitHealth(web, list -> RegistryDriver.statuses(list.get(0)).size() == 1);
    }

    @Test
    default void a_check_needs_a_name_and_a_service_that_exists() {
        Reply nameless = registry().http().put("/v1/agent/check/register", json("{'TTL':'10m'}"));
        Reply homeless = registry()
                .http()
                .put("/v1/agent/check/register", json("{'Name':'n','ServiceID':'unknown','TTL':'10m'}"));

        assertThat(nameless.status()).isEqualTo(400);
        assertThat(nameless.body()).contains("Missing check name");
        // 500 in 1.8; what is wrong is the request, so 400 and 404 are as good
        assertThat(homeless.status()).isIn(400, 404, 500);
        assertThat(homeless.body()).contains("ServiceID \"unknown\" does not exist");
    }

    @Test
    default void checks_are_listed_by_service_by_state_and_by_node() {
        String web = registry().fresh("web");
        registry().registerWithTtl(web, "warning");

        JsonNode ofService = registry().read("/v1/health/checks/" + web);
        assertThat(ofService).hasSize(1);
        assertThat(ofService.get(0).get("CheckID").asText()).isEqualTo("service:" + web);
        assertThat(registry().read("/v1/health/state/warning").findValuesAsText("CheckID"))
                .contains("service:" + web);
        assertThat(registry().read("/v1/health/state/critical").findValuesAsText("CheckID"))
                .doesNotContain("service:" + web);
        assertThat(registry().read("/v1/health/state/any").findValuesAsText("CheckID"))
                .contains("service:" + web, "serfHealth");
        assertThat(registry().read("/v1/health/node/" + registry().nodeName()).findValuesAsText("CheckID"))
                .contains("service:" + web, "serfHealth");
    }

    /** An HTTP server that responds to every GET with one status; 302 leads to a 200. */
    final class HttpEndpoint implements AutoCloseable {
        private final HttpServer server;

        HttpEndpoint(int status) throws IOException {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", exchange -> {
                try (exchange) {
                    boolean redirect =
                            status == 302 && !exchange.getRequestURI().getPath().equals("/there");
                    exchange.getResponseHeaders().set("Location", "/there");
                    byte[] body = "how it is".getBytes(StandardCharsets.UTF_8);
                    int now = status == 302 && !redirect ? 200 : status;
                    exchange.sendResponseHeaders(now, now == 204 ? -1 : body.length);
                    if (now != 204) {
                        exchange.getResponseBody().write(body);
                    }
                }
            });
            server.start();
        }

        String url() {
            return "http://127.0.0.1:" + server.getAddress().getPort() + "/health";
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }
}

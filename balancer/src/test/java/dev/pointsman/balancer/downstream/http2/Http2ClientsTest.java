package dev.pointsman.balancer.downstream.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.testkit.Http2Wire;
import dev.pointsman.balancer.testkit.Message;
import dev.pointsman.balancer.testkit.ScriptedUpstream;
import dev.pointsman.balancer.testkit.TestProxy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Clients that speak HTTP/2 by prior knowledge, and what instances get of them in HTTP/1.1. */
class Http2ClientsTest {
    @RegisterExtension
    private final TestProxy proxy = new TestProxy("response-timeout=5s");

    @Test
    void a_get_reaches_an_instance_and_its_response_the_client() throws Exception {
        ScriptedUpstream upstream = proxy.upstream(
                (request, wire) -> wire.send("HTTP/1.1 200 OK\r\nX-Mixed-Case: v\r\nConnection: X-Drop\r\n"
                        + "X-Drop: 1\r\nKeep-Alive: 5\r\nContent-Length: 5\r\n\r\nhello"));
        try (Http2Wire client = Http2Wire.to(proxy.port())) {
            client.get(1, "/p?q=1", "x-a", "1", "cookie", "a=1", "cookie", "b=2");

            Http2Wire.Response response = client.response(1);

            assertThat(response.status()).isEqualTo("200");
            assertThat(response.body()).isEqualTo("hello");
            assertThat(response.end()).isEqualTo("end");
            assertThat(response.head())
                    .contains("x-mixed-case: v\n", "content-length: 5\n", "date: ")
                    .doesNotContain("x-drop", "keep-alive", "connection", "transfer-encoding");
        }
        Message request = upstream.onlyRequest();
        assertThat(request.head().start()).isEqualTo("GET /p?q=1 HTTP/1.1");
        assertThat(request.head().one("host")).isEqualTo("example.com");
        assertThat(request.head().one("cookie")).isEqualTo("a=1; b=2");
        assertThat(request.head().one("via")).isEqualTo("2 pointsman");
        assertThat(request.head().all("transfer-encoding")).isEmpty();
        assertThat(request.head().all("content-length")).isEmpty();
    }
}

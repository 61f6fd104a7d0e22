package dev.pointsman.balancer.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.testkit.TestBalancer;
import dev.pointsman.testkit.TestHttp.Reply;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What would become of a connection, as the admin API tells it. */
class TcpExplainTest {
    @RegisterExtension
    private final TestBalancer balancer = new TestBalancer();

    @BeforeEach
    void an_instance_for_each_of_two_names() throws Exception {
        balancer.consul().list("exact", "db-1", 4711, "passing", "");
        balancer.consul().list("below", "db-2", 4712, "passing", "");
        balancer.start(
                "tcp=127.0.0.1:0=exact;tls-passthrough;names=db.example.com;deny=192.0.2.0/24",
                "tcp=127.0.0.1:0=below;tls-passthrough;names=*.example.com");
    }

    @Test
    void the_route_and_the_instance_of_a_name_are_told_and_what_else_is_on_the_port() throws Exception {
        JsonObject explained = explained("tcp://DB.example.com:0&client=127.0.0.1");

        assertThat(explained.getJsonObject("route").getString("route")).isEqualTo("db.example.com:0");
        assertThat(explained.getString("why")).isEqualTo("the name is exactly db.example.com");
        assertThat(explained.getJsonArray("notTaken").encode()).contains("*.example.com:0");
        assertThat(explained.getJsonArray("branches").encode())
                .contains("\"id\":\"db-1\"")
                .contains("\"verdict\":\"picked next\"");
        assertThat(explained.getString("refused")).isNull();
    }

    @Test
    void a_name_that_no_route_is_for_gets_none() throws Exception {
        JsonObject explained = explained("tcp://example.net:0");

        assertThat(explained.getJsonObject("route")).isNull();
        assertThat(explained.getString("why")).isEqualTo("no route of this port is for example.net");
    }

    @Test
    void a_port_that_is_not_open_is_told() throws Exception {
        assertThat(explained("tcp://:1").getString("why")).startsWith("no port of TCP is 1 ");
    }

    @Test
    void an_address_that_the_route_is_not_for_is_told() throws Exception {
        assertThat(explained("tcp://db.example.com:0&client=192.0.2.7").getString("refused"))
                .isEqualTo("the route is not for this address");
    }

    @Test
    void what_is_no_port_is_one_sentence() throws Exception {
        Reply reply = balancer.admin().get("/api/explain?url=tcp://5432");

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body()).contains("expected: tcp://:PORT, or tcp://NAME:PORT");
    }

    private JsonObject explained(String url) throws Exception {
        return new JsonObject(balancer.admin().get("/api/explain?url=" + url).body());
    }
}

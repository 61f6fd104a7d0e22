package dev.pointsman.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.agent.AgentOptions;
import dev.pointsman.agent.ServiceAgent;
import dev.pointsman.registry.consul.ConsulAddress;
import dev.pointsman.registry.embedded.EmbeddedRegistry;
import dev.pointsman.testkit.TestHttp;
import dev.pointsman.testkit.TestHttp.Reply;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A service that calls another one, as a process. */
@Timeout(120)
class ChainIT {
    @Test
    void a_service_that_is_told_to_stop_finishes_the_call_that_a_request_waits_for() throws Exception {
        Vertx vertx = Vertx.vertx();
        EmbeddedRegistry embedded = EmbeddedRegistry.start(
                        vertx, EmbeddedRegistry.Options.defaults().withPort(0))
                .await(30, TimeUnit.SECONDS);
        TestHttp registry = new TestHttp("http://127.0.0.1:" + embedded.port());
        CompletableFuture<HttpServerRequest> asked = new CompletableFuture<>();
        AgentOptions webapp = AgentOptions.of("webapp-service", null, Map.of())
                .withConsul(ConsulAddress.of("127.0.0.1", embedded.port()))
                .withLinger(Duration.ZERO);
        try (ServiceAgent agent = ServiceAgent.start(webapp, vertx, asked::complete)) {
            SampleProcess api =
                    SampleProcess.start("127.0.0.1:" + embedded.port(), "api-service", "--calls", "webapp-service");
            try {
                assertThat(api.rest()).startsWith("registered as api-service-").endsWith(", calls webapp-service");
                CompletableFuture<Reply> chain = api.http().getLater("/api/chain");
                HttpServerRequest call = asked.get(30, TimeUnit.SECONDS);

                api.signal("TERM");
                await().until(() ->
                        registry.get("/v1/health/service/api-service").json().isEmpty());
                agent.vertx().runOnContext(there -> call.response().end("at last"));

                assertThat(chain.get(30, TimeUnit.SECONDS).body())
                        .isEqualTo(
                                "api-service response from " + api.pid() + ", which asked webapp-service: at last\n");
                assertThat(api.process().waitFor(20, TimeUnit.SECONDS)).isTrue();
                assertThat(api.process().exitValue()).isEqualTo(143);
            } finally {
                api.process().destroyForcibly();
            }
        } finally {
            vertx.close().await(30, TimeUnit.SECONDS);
        }
    }
}

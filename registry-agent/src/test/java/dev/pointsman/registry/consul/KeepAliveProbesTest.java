package dev.pointsman.registry.consul;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class KeepAliveProbesTest {
    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        vertx.close().await();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void the_kernel_probes_a_connection_of_vertx_as_it_is() throws Exception {
        int port = vertx.createHttpServer()
                .requestHandler(request -> request.response().end())
                .listen(0, "127.0.0.1")
                .await()
                .actualPort();
        CompletableFuture<Boolean> probed = new CompletableFuture<>();
        vertx.httpClientBuilder()
                .withConnectHandler((HttpConnection connection) -> probed.complete(KeepAliveProbes.begin(connection)))
                .build()
                .request(io.vertx.core.http.HttpMethod.GET, port, "127.0.0.1", "/")
                .compose(request -> request.send())
                .await();
        assertThat(probed.get(10, TimeUnit.SECONDS)).isTrue();
    }
}

package dev.pointsman.client;

import static dev.pointsman.client.ClientUnderTest.API;
import static dev.pointsman.client.ClientUnderTest.got;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import dev.pointsman.registry.Health;
import dev.pointsman.registry.Instance;
import dev.pointsman.registry.InstanceKey;
import dev.pointsman.registry.Weights;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.NetServer;
import java.net.URI;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls end, and nothing gets into a request that is not of it, whatever instances, listeners and callers do. */
@Timeout(60)
class HostileCallsTest {
    private static RequestOptions to(HttpMethod method) {
        return new RequestOptions().setServer(API).setMethod(method).setURI("/x");
    }

    private static Instance listed(String address, int port) {
        return new Instance(
                new InstanceKey("node", "a"),
                "api",
                address,
                port,
                List.of(),
                Map.of(),
                Weights.DEFAULT,
                Health.PASSING,
                "");
    }

    @Test
    void a_call_that_waits_for_the_registry_fails_when_the_client_is_closed() throws Exception {
        ClientOptions options = ClientOptions.from(Map.of("CONSUL_HTTP_ADDR", "127.0.0.1:1"))
                .withTimeouts(CallTimeouts.DEFAULT.withRegistry(Duration.ofMinutes(5)));
        Vertx vertx = Vertx.vertx();
        ServiceClient client = ServiceClient.create(options);
        ServiceClient onVertx = ServiceClient.create(vertx, options);
        CompletableFuture<HttpResponse<String>> call = client.javaClient()
                .sendAsync(
                        ServiceRequest.newBuilder(URI.create("service://api/x")).build(), BodyHandlers.ofString());
        Future<HttpClientRequest> request = onVertx.httpClient().request(to(HttpMethod.GET));
        client.close();
        onVertx.close();
        assertThat(call.handle((response, failure) -> failure).get(5, TimeUnit.SECONDS))
                .hasMessageContaining("closed");
        assertThatExceptionOfType(NoInstanceException.class)
                .isThrownBy(() -> got(request))
                .withMessageContaining("closed");
        got(vertx.close());
    }

    @Test
    void each_write_of_a_long_body_ends_when_its_connection_does() throws Exception {
        try (ClientUnderTest test = new ClientUnderTest()) {
            Promise<HttpServerRequest> received = Promise.promise();
            TestInstance unread = TestInstance.start(test.vertx, "a", request -> {
                request.pause();
                received.tryComplete(request);
            });
            test.registry.list("api", unread.listed());
            HttpClientRequest request = got(test.client.httpClient().request(to(HttpMethod.POST)));
            request.setChunked(true);
            List<Future<Void>> writes = new ArrayList<>();
            Buffer part = Buffer.buffer(new byte[64 * 1024]);
            while (!request.writeQueueFull()) {
                writes.add(request.write(part));
                assertThat(writes.size()).isLessThan(1000);
                got(test.vertx.timer(1));
            }
            got(received.future()).connection().close();
            await().until(() -> request.response().failed());
            await().until(() -> writes.stream().allMatch(Future::isComplete));
            assertThat(writes.get(writes.size() - 1).failed()).isTrue();
        }
    }

    @Test
    void a_caller_is_asked_for_the_body_once_however_many_instances_are() throws Exception {
        try (ClientUnderTest test = new ClientUnderTest()) {
            AtomicInteger served = new AtomicInteger();
            Instance[] instances = new Instance[2];
            for (int i = 0; i < instances.length; i++) {
                instances[i] = TestInstance.start(test.vertx, "i" + i, request -> {
                            boolean breaks = served.getAndIncrement() == 0;
                            request.response().writeContinue();
                            request.body().onSuccess(body -> {
                                if (breaks) {
                                    request.connection().close();
                                } else {
                                    request.response().end(body);
                                }
                            });
                        })
                        .listed();
            }
            test.registry.list("api", instances);
            HttpClientRequest request = got(test.client.httpClient().request(to(HttpMethod.PUT)));
            AtomicInteger asked = new AtomicInteger();
            request.setChunked(true).putHeader("Expect", "100-continue").continueHandler(go -> {
                asked.incrementAndGet();
                var unused = request.end("body");
            });
            Future<Buffer> body = request.response().compose(HttpClientResponse::body);
            var unused = request.sendHead();
            assertThat(got(body).toString()).isEqualTo("body");
            assertThat(served).hasValue(2);
            assertThat(asked).hasValue(1);
        }
    }

    @Test
    void a_body_after_a_head_that_did_not_announce_it_is_refused() throws Exception {
        try (ClientUnderTest test = new ClientUnderTest()) {
            test.registry.list("api", test.instance("a").listed());
            HttpClientRequest request = got(test.client.httpClient().request(to(HttpMethod.POST)));
            got(request.sendHead());
            assertThatIllegalStateException()
                    .isThrownBy(() -> request.end("GET /another HTTP/1.1\r\n\r\n"))
                    .withMessageContaining("Content-Length");
            Future<HttpClientResponse> response = request.response();
            var unused = request.end();
            assertThat(got(response).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void a_query_that_cannot_be_read_leaves_no_call_without_an_end() throws Exception {
        try (ClientUnderTest test = new ClientUnderTest(options -> options.withPolicy("hash:query:user"))) {
            test.registry.list("api", test.instance("a").listed());
            RequestOptions malformed = to(HttpMethod.GET).setURI("/x?user=%zz");
            assertThat(got(test.send(malformed, null)).status()).isEqualTo(200);
        }
    }

    @Test
    void a_tunnel_to_a_service_is_refused() throws Exception {
        try (ClientUnderTest test = new ClientUnderTest()) {
            test.registry.list("api", test.instance("a").listed());
            assertThatExceptionOfType(ServiceCallException.class)
                    .isThrownBy(() -> got(test.send(to(HttpMethod.CONNECT), null)))
                    .withMessageContaining("CONNECT goes to a host and a port");
        }
    }

    @Test
    void an_instance_without_an_address_fails_its_call_at_once() throws Exception {
        try (ClientUnderTest test = new ClientUnderTest()) {
            test.registry.list("api", listed("", 80));
            assertThatExceptionOfType(ServiceCallException.class).isThrownBy(test::get);
            assertThat(test.client.instances(API).upstreams().get(0).inFlight()).isZero();
        }
    }

    @Test
    void a_host_brings_no_field_of_its_own_into_a_request() throws Exception {
        try (ClientUnderTest test = new ClientUnderTest()) {
            TestInstance instance = test.instance("a");
            test.registry.list("api", instance.listed());
            assertThatExceptionOfType(ServiceCallException.class)
                    .isThrownBy(() -> got(test.send(to(HttpMethod.GET).setHost("a\r\nX-Admin: 1"), null)))
                    .withMessageContaining("the host has characters");
            HttpClientRequest request = got(test.client.httpClient().request(to(HttpMethod.GET)));
            request.authority(HostAndPort.create("a\r\nX-Admin: 1", 80));
            assertThatExceptionOfType(ServiceCallException.class).isThrownBy(() -> got(request.send()));
            assertThat(instance.requests()).isZero();
        }
    }

    @Test
    void a_listener_that_lacks_a_class_leaves_no_call_without_an_end() throws Exception {
        CallListener broken = new CallListener() {
            @Override
            public void attemptBegan(ServiceAddress service, Instance instance, AttemptReason reason) {
                throw new NoClassDefFoundError("a class of the listener's");
            }
        };
        try (ClientUnderTest test = new ClientUnderTest(options -> options.withListener(broken))) {
            test.registry.list("api", test.instance("a").listed());
            assertThat(test.send(to(HttpMethod.GET), null)
                            .toCompletionStage()
                            .toCompletableFuture()
                            .get(5, TimeUnit.SECONDS)
                            .status())
                    .isEqualTo(200);
            await().until(() -> test.client.instances(API).upstreams().get(0).inFlight() == 0);
        }
    }

    @Test
    void a_connection_that_has_switched_its_protocol_gets_no_other_request() throws Exception {
        try (ClientUnderTest test = new ClientUnderTest()) {
            AtomicInteger served = new AtomicInteger();
            TestInstance switching = TestInstance.start(test.vertx, "a", request -> {
                if (served.getAndIncrement() == 0) {
                    var unused = request.toNetSocket();
                } else {
                    request.response().end("a");
                }
            });
            test.registry.list("api", switching.listed());
            RequestOptions upgrade =
                    to(HttpMethod.GET).putHeader("Connection", "upgrade").putHeader("Upgrade", "other");
            assertThat(got(test.send(upgrade, null)).status()).isEqualTo(101);
            assertThat(test.send(to(HttpMethod.GET), null)
                            .toCompletionStage()
                            .toCompletableFuture()
                            .get(5, TimeUnit.SECONDS)
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void an_interim_response_that_nobody_knows_is_not_the_response() throws Exception {
        try (ClientUnderTest test = new ClientUnderTest()) {
            String responses = String.join(
                    "\r\n",
                    "HTTP/1.1 102 Processing",
                    "",
                    "HTTP/1.1 199 Soon",
                    "X: 1",
                    "",
                    "HTTP/1.1 200 OK",
                    "Content-Length: 2",
                    "",
                    "ok");
            AtomicInteger connections = new AtomicInteger();
            NetServer processing = got(test.vertx
                    .createNetServer()
                    .connectHandler(socket -> {
                        connections.incrementAndGet();
                        socket.handler(head -> socket.write(responses));
                    })
                    .listen(0, "127.0.0.1"));
            test.registry.list("api", listed("127.0.0.1", processing.actualPort()));
            for (int i = 0; i < 2; i++) {
                assertThat(test.get()).isEqualTo(new ClientUnderTest.Received(200, "ok"));
            }
            assertThat(connections).hasValue(1);
        }
    }

    @Test
    void an_ipv6_address_has_brackets_in_the_host_that_an_instance_gets() throws Exception {
        try (ClientUnderTest test = new ClientUnderTest()) {
            HttpServer server = got(test.vertx
                    .createHttpServer()
                    .requestHandler(request -> request.response().end(request.getHeader("Host")))
                    .listen(0, "::1"));
            Instance instance = listed("::1", server.actualPort());
            test.registry.list("api", instance);
            assertThat(test.get().body()).isEqualTo("[::1]:" + server.actualPort());
        }
    }
}

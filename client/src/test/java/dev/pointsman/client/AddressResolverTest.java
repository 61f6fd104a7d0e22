package dev.pointsman.client;

import static dev.pointsman.client.ClientUnderTest.API;
import static dev.pointsman.client.ClientUnderTest.got;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pointsman.pool.Upstream;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** HTTP clients that a program builds itself, with the address resolver and the load balancer of a service client. */
@Timeout(60)
class AddressResolverTest {
    /** A service client, and an HTTP client beside it. */
    private static final class OwnClient implements AutoCloseable {
        final ClientUnderTest test;
        final HttpClient http;

        OwnClient(UnaryOperator<ClientOptions> change, HttpClientOptions options) {
            test = new ClientUnderTest(change);
            http = test.vertx
                    .httpClientBuilder()
                    .with(options)
                    .withAddressResolver(test.client.addressResolver())
                    .withLoadBalancer(test.client.loadBalancer())
                    .build();
        }

        OwnClient() {
            this(options -> options, new HttpClientOptions());
        }

        static OwnClient speaking(HttpVersion version) {
            return new OwnClient(
                    options -> options,
                    new HttpClientOptions().setProtocolVersion(version).setHttp2ClearTextUpgrade(false));
        }

        Future<String> send(RequestOptions options) {
            // On a context: elsewhere the body may have passed before anything asks for it.
            return Future.future(sent -> test.vertx.runOnContext(there -> http.request(options.setURI("/x"))
                    .compose(HttpClientRequest::send)
                    .compose(response -> response.body().map(String::valueOf))
                    .onComplete(sent)));
        }

        String get() throws Exception {
            return got(send(to(API)));
        }

        Map<String, Integer> get(int times) throws Exception {
            Map<String, Integer> responses = new HashMap<>();
            for (int i = 0; i < times; i++) {
                responses.merge(get(), 1, Integer::sum);
            }
            return responses;
        }

        int inFlight() {
            return test.client.instances(API).upstreams().stream()
                    .mapToInt(Upstream::inFlight)
                    .sum();
        }

        @Override
        public void close() throws IOException {
            http.close().await();
            test.close();
        }
    }

    private static RequestOptions to(ServiceAddress service) {
        return new RequestOptions().setServer(service);
    }

    @Test
    void requests_are_spread_over_the_instances() throws Exception {
        try (OwnClient own = new OwnClient()) {
            own.test.registry.list(
                    "api",
                    own.test.instance("a").listed(),
                    own.test.instance("b").listed());
            assertThat(own.get(8)).isEqualTo(Map.of("a", 4, "b", 4));
        }
    }

    @Test
    void what_the_registry_says_counts_from_the_next_request_on() throws Exception {
        try (OwnClient own = new OwnClient()) {
            TestInstance first = own.test.instance("first");
            TestInstance second = own.test.instance("second");
            own.test.registry.list("api", first.listed());
            assertThat(own.get(2)).containsOnlyKeys("first");
            own.test.registry.list("api", first.listed(), second.listed());
            assertThat(own.get(2)).containsOnlyKeys("first", "second");
            own.test.registry.list("api", second.listed());
            assertThat(own.get(3)).containsOnlyKeys("second");
        }
    }

    @Test
    void an_instance_that_cannot_be_reached_is_asked_once_and_not_again() throws Exception {
        try (OwnClient own = new OwnClient()) {
            own.test.registry.list(
                    "api",
                    own.test.dead("dead").listed(),
                    own.test.instance("well").listed());
            int refused = 0;
            for (int i = 0; i < 10; i++) {
                try {
                    assertThat(own.get()).isEqualTo("well");
                } catch (ConnectException e) {
                    refused++;
                }
            }
            assertThat(refused).isEqualTo(1);
        }
    }

    @Test
    void an_instance_that_breaks_off_is_ejected() throws Exception {
        try (OwnClient own = new OwnClient()) {
            own.test.registry.list(
                    "api",
                    own.test.breaking("breaking").listed(),
                    own.test.instance("well").listed());
            for (int i = 0; i < 20; i++) {
                var unused = own.send(to(API))
                        .otherwise("broken")
                        .toCompletionStage()
                        .toCompletableFuture()
                        .get(10, TimeUnit.SECONDS);
            }
            assertThat(own.get(6)).isEqualTo(Map.of("well", 6));
        }
    }

    @Test
    void an_instance_that_has_stopped_responding_is_passed_over() throws Exception {
        try (OwnClient own = new OwnClient()) {
            own.test.registry.list(
                    "api",
                    own.test.silent("silent").listed(),
                    own.test.instance("well").listed());
            for (int i = 0; i < 20; i++) {
                var unused = own.send(to(API).setTimeout(50))
                        .otherwise("late")
                        .toCompletionStage()
                        .toCompletableFuture()
                        .get(10, TimeUnit.SECONDS);
            }
            assertThat(own.get(6)).isEqualTo(Map.of("well", 6));
        }
    }

    @Test
    void an_address_with_a_tag_is_that_of_the_instances_with_it() throws Exception {
        try (OwnClient own = new OwnClient()) {
            own.test.registry.list(
                    "api",
                    own.test.instance("old").withTags("v1"),
                    own.test.instance("new").withTags("v2"));
            for (int i = 0; i < 4; i++) {
                assertThat(got(own.send(to(API.withTag("v2"))))).isEqualTo("new");
            }
        }
    }

    @Test
    void the_own_zone_comes_first() throws Exception {
        try (OwnClient own =
                new OwnClient(options -> options.withLocality(Locality.NONE.withZone("a")), new HttpClientOptions())) {
            own.test.registry.list(
                    "api",
                    own.test.instance("near").inZone("a"),
                    own.test.instance("far").inZone("b"));
            assertThat(own.get(4)).isEqualTo(Map.of("near", 4));
        }
    }

    @Test
    void a_policy_by_the_client_goes_by_the_routing_key() throws Exception {
        try (OwnClient own = new OwnClient(options -> options.withPolicy("hash:address"), new HttpClientOptions())) {
            own.test.registry.list(
                    "api",
                    own.test.instance("a").listed(),
                    own.test.instance("b").listed());
            Set<String> instances = new HashSet<>();
            for (int key = 0; key < 20; key++) {
                Set<String> ofThisKey = new HashSet<>();
                for (int i = 0; i < 3; i++) {
                    ofThisKey.add(got(own.send(to(API).setRoutingKey("key-" + key))));
                }
                assertThat(ofThisKey).hasSize(1);
                instances.addAll(ofThisKey);
            }
            assertThat(instances).containsExactlyInAnyOrder("a", "b");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_1_1", "HTTP_2"})
    void a_response_that_is_there_is_not_in_flight_any_more(HttpVersion version) throws Exception {
        try (OwnClient own = OwnClient.speaking(version)) {
            own.test.registry.list("api", own.test.instance("a").listed());
            own.get(3);
            assertThat(own.inFlight()).isZero();
        }
    }

    @Test
    void an_attempt_at_an_instance_that_cannot_be_reached_is_over() throws Exception {
        try (OwnClient own = new OwnClient()) {
            own.test.registry.list("api", own.test.dead("dead").listed());
            assertThatExceptionOfType(ConnectException.class).isThrownBy(own::get);
            assertThat(own.inFlight()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_1_1", "HTTP_2"})
    void an_attempt_whose_connection_breaks_is_over(HttpVersion version) throws Exception {
        try (OwnClient own = OwnClient.speaking(version)) {
            own.test.registry.list("api", own.test.breaking("breaking").listed());
            assertThatThrownBy(own::get).isInstanceOf(io.vertx.core.http.HttpClosedException.class);
            await().until(() -> own.inFlight() == 0);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_1_1", "HTTP_2"})
    void an_attempt_that_takes_too_long_is_over(HttpVersion version) throws Exception {
        try (OwnClient own = OwnClient.speaking(version)) {
            own.test.registry.list("api", own.test.silent("silent").listed());
            assertThatThrownBy(() -> got(own.send(to(API).setTimeout(100))));
            await().until(() -> own.inFlight() == 0);
        }
    }

    @Test
    void a_time_out_is_said_to_be_one() throws Exception {
        try (OwnClient own = new OwnClient()) {
            own.test.registry.list("api", own.test.silent("silent").listed());
            assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> got(own.send(to(API).setTimeout(100))));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_1_1", "HTTP_2"})
    void a_request_that_is_reset_before_it_is_sent_is_over(HttpVersion version) throws Exception {
        try (OwnClient own = OwnClient.speaking(version)) {
            own.test.registry.list("api", own.test.instance("a").listed());
            HttpClientRequest request = got(own.http.request(to(API)));
            assertThat(own.inFlight()).isEqualTo(1);
            got(request.reset());
            await().until(() -> own.inFlight() == 0);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_1_1", "HTTP_2"})
    void a_request_that_is_reset_after_it_is_sent_is_over(HttpVersion version) throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        try (OwnClient own = OwnClient.speaking(version)) {
            own.test.registry.list(
                    "api",
                    TestInstance.start(own.test.vertx, "silent", request -> arrived.countDown())
                            .listed());
            HttpClientRequest request = got(own.http.request(to(API)));
            var unused = request.send();
            assertThat(arrived.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(own.inFlight()).isEqualTo(1);
            got(request.reset());
            await().until(() -> own.inFlight() == 0);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_1_1", "HTTP_2"})
    void a_response_that_is_not_read_to_its_end_is_over_when_it_is_reset(HttpVersion version) throws Exception {
        try (OwnClient own = OwnClient.speaking(version)) {
            own.test.registry.list(
                    "api",
                    TestInstance.start(own.test.vertx, "endless", request -> request.response()
                                    .setChunked(true)
                                    .write("more to come"))
                            .listed());
            HttpClientRequest request = got(own.http.request(to(API)));
            got(request.send());
            assertThat(own.inFlight()).isEqualTo(1);
            got(request.reset());
            await().until(() -> own.inFlight() == 0);
        }
    }

    @Test
    void requests_that_an_http_client_has_under_way_when_it_closes_are_over() throws Exception {
        try (OwnClient own = new OwnClient()) {
            own.test.registry.list("api", own.test.silent("silent").listed());
            // More than Vert.x's five connections, so that some wait for one.
            for (int i = 0; i < 8; i++) {
                var unused = own.send(to(API));
            }
            await().until(() -> own.inFlight() == 8);
            got(own.http.close());
            await().until(() -> own.inFlight() == 0);
        }
    }

    @Test
    void a_request_waits_for_the_first_view() throws Exception {
        try (OwnClient own = new OwnClient(
                options -> options.withTimeouts(options.timeouts().withRegistry(Duration.ofSeconds(20))),
                new HttpClientOptions())) {
            TestInstance instance = own.test.instance("a");
            Future<String> early = own.send(to(API));
            assertThat(early.isComplete()).isFalse();
            own.test.registry.list("api", instance.listed());
            assertThat(got(early)).isEqualTo("a");
        }
    }

    @Test
    void it_fails_with_the_reason_when_no_view_comes() throws Exception {
        try (OwnClient own = new OwnClient()) {
            assertThatExceptionOfType(NoInstanceException.class)
                    .isThrownBy(own::get)
                    .withMessageStartingWith("api: where its instances are is not known, as the list");
            own.test.registry.list("api", own.test.instance("late").listed());
            assertThat(own.get()).isEqualTo("late");
        }
    }

    @Test
    void it_fails_with_the_reason_when_there_is_no_instance() throws Exception {
        try (OwnClient own = new OwnClient()) {
            own.test.registry.list("api");
            assertThatExceptionOfType(NoInstanceException.class)
                    .isThrownBy(own::get)
                    .withMessage("api: no instance of this service is registered");
        }
    }

    @Test
    void it_fails_with_the_reason_when_no_instance_has_room() throws Exception {
        try (OwnClient own = new OwnClient(
                options -> options.withPool(options.pool().withMaxInFlight(1)), new HttpClientOptions())) {
            own.test.registry.list("api", own.test.silent("full").listed());
            got(own.http.request(to(API)));
            assertThatExceptionOfType(NoInstanceException.class)
                    .isThrownBy(own::get)
                    .withMessage("api: no instance of this service is available right now");
        }
    }

    @Test
    void requests_fail_once_the_service_client_is_closed() throws Exception {
        try (OwnClient own = new OwnClient()) {
            own.test.registry.list("api", own.test.instance("a").listed());
            own.get();
            own.test.client.close();
            assertThatExceptionOfType(IllegalStateException.class)
                    .isThrownBy(own::get)
                    .withMessage("the client is closed");
        }
    }

    @Test
    void the_load_balancer_does_not_go_with_another_resolver() throws Exception {
        try (ClientUnderTest test = new ClientUnderTest()) {
            TestInstance instance = test.instance("a");
            HttpClient other = test.vertx
                    .httpClientBuilder()
                    .withLoadBalancer(test.client.loadBalancer())
                    .build();
            assertThatExceptionOfType(IllegalStateException.class)
                    .isThrownBy(() -> got(other.request(
                            new RequestOptions().setHost("127.0.0.1").setPort(instance.port()))))
                    .withMessageContaining("its own address resolver");
        }
    }
}

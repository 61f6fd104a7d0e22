package dev.pointsman.client;

import static dev.pointsman.client.ClientUnderTest.API;
import static dev.pointsman.client.ClientUnderTest.got;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests that are written part by part, and WebClient on top. */
@Timeout(60)
class StreamedCallsTest {
    private static final Handler<HttpServerRequest> ECHO =
            request -> request.body().onSuccess(body -> request.response()
                    .putHeader("X-Method", request.method().name())
                    .end(body));

    private static RequestOptions post() {
        return new RequestOptions().setServer(API).setMethod(HttpMethod.POST).setURI("/echo");
    }

    @Test
    void a_web_client_takes_the_address_of_a_service() throws Exception {
        try (ClientUnderTest test = new ClientUnderTest()) {
            test.registry.list(
                    "api",
                    test.dead("a-dead").listed(),
                    TestInstance.start(test.vertx, "b", ECHO).listed());
            WebClient web = WebClient.wrap(test.client.httpClient());
            for (int i = 0; i < 3; i++) {
                HttpResponse<Buffer> response =
                        got(web.request(HttpMethod.POST, post()).sendJsonObject(new JsonObject().put("n", i)));
                assertThat(response.bodyAsJsonObject().getInteger("n")).isEqualTo(i);
                assertThat(response.getHeader("X-Method")).isEqualTo("POST");
            }
        }
    }

    @Test
    void a_long_body_is_sent_as_fast_as_the_instance_takes_it() throws Exception {
        try (ClientUnderTest test = new ClientUnderTest()) {
            Promise<Void> go = Promise.promise();
            AtomicLong received = new AtomicLong();
            TestInstance slow = TestInstance.start(test.vertx, "slow", request -> {
                request.pause();
                request.handler(part -> received.addAndGet(part.length()));
                request.endHandler(all -> request.response().end("all"));
                go.future().onSuccess(now -> request.resume());
            });
            test.registry.list("api", slow.listed());
            HttpClientRequest request = got(test.client.httpClient().request(post()));
            request.setChunked(true);
            Buffer part = Buffer.buffer(new byte[64 * 1024]);
            int parts = 0;
            while (!request.writeQueueFull()) {
                var unused = request.write(part);
                parts++;
                assertThat(parts).isLessThan(1000);
                got(test.vertx.timer(1));
            }
            Promise<Void> drained = Promise.promise();
            request.drainHandler(more -> drained.tryComplete());
            go.complete();
            got(drained.future());
            Future<HttpClientResponse> response = request.send();
            assertThat(got(response.compose(HttpClientResponse::body)).toString())
                    .isEqualTo("all");
            assertThat(received).hasValue((long) parts * part.length());
        }
    }

    @Test
    void a_body_written_in_parts_is_sent_again_from_its_beginning() throws Exception {
        try (ClientUnderTest test = new ClientUnderTest(options -> options.withPolicy("plain-round-robin"))) {
            AtomicInteger broken = new AtomicInteger();
            Handler<HttpServerRequest> breaksOnce = request -> {
                if (broken.getAndIncrement() == 0) {
                    request.handler(part -> request.connection().close());
                } else {
                    ECHO.handle(request);
                }
            };
            test.registry.list(
                    "api",
                    TestInstance.start(test.vertx, "a", breaksOnce).listed(),
                    TestInstance.start(test.vertx, "b", breaksOnce).listed());
            HttpClientRequest request = got(test.client.httpClient().request(post().setMethod(HttpMethod.PUT)));
            request.setChunked(true);
            got(request.write("one "));
            await().until(() -> broken.get() > 0);
            got(request.write("two "));
            Future<Buffer> body = request.response().compose(HttpClientResponse::body);
            var unused = request.end("three");
            assertThat(got(body).toString()).isEqualTo("one two three");
            assertThat(broken).hasValue(2);
        }
    }

    @Test
    void a_response_before_the_end_of_the_request_ends_both() throws Exception {
        try (ClientUnderTest test = new ClientUnderTest()) {
            TestInstance refusing = TestInstance.start(test.vertx, "a", request -> request.response()
                    .setStatusCode(413)
                    .end("too large"));
            test.registry.list("api", refusing.listed());
            HttpClientRequest request = got(test.client.httpClient().request(post()));
            request.setChunked(true);
            got(request.write("one "));
            assertThat(got(request.response().compose(HttpClientResponse::body)).toString())
                    .isEqualTo("too large");
            await().until(() -> request.write("two").failed());
            for (int i = 0; i < 3; i++) {
                assertThat(test.get().status()).isEqualTo(413);
            }
            await().until(() -> test.client.instances(API).upstreams().get(0).inFlight() == 0);
        }
    }

    @Test
    void a_continue_is_passed_on() throws Exception {
        try (ClientUnderTest test = new ClientUnderTest()) {
            TestInstance careful = TestInstance.start(test.vertx, "a", request -> {
                request.response().writeContinue();
                ECHO.handle(request);
            });
            test.registry.list("api", careful.listed());
            HttpClientRequest request = got(test.client.httpClient().request(post()));
            request.putHeader("Expect", "100-continue").putHeader("Content-Length", "4");
            request.continueHandler(go -> {
                var unused = request.end("body");
            });
            // Before the response can be there, or its body is gone when somebody asks for it.
            Future<Buffer> body = request.response().compose(HttpClientResponse::body);
            var unused = request.sendHead();
            assertThat(got(body).toString()).isEqualTo("body");
        }
    }

    @Test
    void a_response_that_breaks_off_counts_against_its_instance_and_is_not_asked_for_again() throws Exception {
        try (ClientUnderTest test = new ClientUnderTest()) {
            TestInstance cutting = TestInstance.start(test.vertx, "a", request -> {
                request.response().putHeader("Content-Length", "100").write("half");
                test.vertx.setTimer(20, then -> request.connection().close());
            });
            test.registry.list("api", cutting.listed());
            HttpClientResponse response = got(test.client
                    .httpClient()
                    .request(new RequestOptions().setServer(API).setURI("/"))
                    .compose(HttpClientRequest::send)
                    .map(head -> {
                        head.pause();
                        return head;
                    }));
            Future<Buffer> body = response.body();
            response.resume();
            assertThatException().isThrownBy(() -> got(body));
            assertThat(cutting.requests()).isEqualTo(1);
            await().until(() -> test.client.instances(API).upstreams().get(0).failures() == 1);
        }
    }

    @Test
    void what_cannot_be_sent_fails_with_one_sentence_and_leaves_nothing_in_flight() throws Exception {
        try (ClientUnderTest test = new ClientUnderTest()) {
            test.registry.list("api", test.instance("a").listed());
            List<RequestOptions> bad = new ArrayList<>();
            bad.add(new RequestOptions().setServer(API).setURI("/a\r\nX: y"));
            bad.add(new RequestOptions().setServer(API).setURI("/a b"));
            bad.add(new RequestOptions().setServer(API).setURI("/\u00e4"));
            for (RequestOptions options : bad) {
                assertThatExceptionOfType(ServiceCallException.class)
                        .isThrownBy(() -> got(test.send(options, null)))
                        .withMessageStartingWith("api: the request could not be sent: the URI has characters");
            }
            await().until(() -> test.client.instances(API).upstreams().get(0).inFlight() == 0);
            assertThat(test.get().body()).isEqualTo("a");
        }
    }

    @Test
    void another_address_is_called_as_it_is() throws Exception {
        try (ClientUnderTest test = new ClientUnderTest()) {
            TestInstance elsewhere = test.instance("elsewhere");
            RequestOptions options = new RequestOptions()
                    .setHost("127.0.0.1")
                    .setPort(elsewhere.port())
                    .setURI("/");
            assertThat(got(test.send(options, null)).body()).isEqualTo("elsewhere");
        }
    }
}

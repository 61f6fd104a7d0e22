package dev.pointsman.balancer.proxy;

import static dev.pointsman.balancer.testkit.TestProxy.sendRequest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.balancer.testkit.Http2Instance;
import dev.pointsman.balancer.testkit.Message;
import dev.pointsman.balancer.testkit.TestProxy;
import dev.pointsman.balancer.testkit.Wire;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that go on to instances in HTTP/2. */
class Http2InstancesTest {
    @RegisterExtension
    private final TestProxy proxy =
            new TestProxy("response-timeout=1s", "connect-timeout=500ms", "route=/=svc;proto=h2c");

    @Test
    void a_request_without_a_body_is_one_field_section_in_lower_case_with_pseudo_fields_first() throws Exception {
        Http2Instance instance =
                proxy.http2Upstream(Http2Instance.whole(call -> call.respond(200, "hello", "x-a", "1", "x-a", "2")));

        Message response = proxy.get("/p?q=1", "X-Mixed-Case: v", "Connection: X-Drop", "X-Drop: y", "Keep-Alive: 5");

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("hello");
        assertThat(response.head().all("x-a")).containsExactly("1", "2");
        Http2Instance.Call call = instance.next();
        assertThat(call.head().method()).hasToString("GET");
        assertThat(call.head().path()).hasToString("/p?q=1");
        assertThat(call.head().authority()).hasToString("example.com");
        assertThat(call.head().scheme()).hasToString("http");
        assertThat(call.head().get("x-mixed-case")).hasToString("v");
        assertThat(call.head().get("via")).hasToString("1.1 pointsman");
        assertThat(call.head().names().stream().map(CharSequence::toString))
                .doesNotContain("host", "connection", "x-drop", "keep-alive", "transfer-encoding", "te")
                .allMatch(name -> name.equals(name.toLowerCase(Locale.ROOT)));
    }

    @Test
    void a_body_and_trailers_go_both_ways() throws Exception {
        Http2Instance instance = proxy.http2Upstream(Http2Instance.whole(call -> call.headers(false, ":status", "200")
                .data("got " + call.body(), false)
                .headers(true, "x-checksum", "abc")));
        Wire client = proxy.connect();
        sendRequest(client, "POST", "/", "Transfer-Encoding: chunked");

        client.send("4\r\ndata\r\n0\r\nX-Sum: 9\r\n\r\n");
        Message response = client.readMessage();

        assertThat(response.body()).isEqualTo("got data");
        assertThat(response.trailers().one("x-checksum")).isEqualTo("abc");
        assertThat(Objects.requireNonNull(instance.next().trailers()).get("x-sum"))
                .hasToString("9");
    }

    @Test
    void trailers_come_without_a_body_and_without_being_announced() throws Exception {
        proxy.http2Upstream(Http2Instance.whole(
                call -> call.headers(false, ":status", "200").headers(true, "grpc-status", "5")));

        Message response = proxy.get("/");

        assertThat(response.body()).isEmpty();
        assertThat(response.trailers().one("grpc-status")).isEqualTo("5");
    }

    @Test
    void requests_at_the_same_time_share_a_connection_and_none_waits_for_another() throws Exception {
        Http2Instance instance = proxy.http2Upstream(call -> {});
        List<Wire> clients = new ArrayList<>();
        List<Http2Instance.Call> calls = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Wire client = proxy.connect();
            sendRequest(client, "GET", "/" + i);
            clients.add(client);
            calls.add(instance.next());
        }

        for (int i = 4; i >= 0; i--) {
            calls.get(i).respond(200, "answer " + calls.get(i).head().path());
            assertThat(clients.get(i).readMessage().body()).isEqualTo("answer /" + i);
        }

        assertThat(instance.connections()).isEqualTo(1);
    }

    @Test
    void each_request_is_balanced_by_itself_whatever_connections_there_are() throws Exception {
        Http2Instance one = proxy.http2Upstream(Http2Instance.whole(call -> call.respond(200, "one")));
        Http2Instance other = proxy.http2Upstream(Http2Instance.whole(call -> call.respond(200, "other")));
        Wire client = proxy.connect();

        List<String> answers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            sendRequest(client, "GET", "/");
            answers.add(client.readMessage().body());
        }

        assertThat(answers).containsExactlyInAnyOrder("one", "other", "one", "other");
        assertThat(one.connections() + other.connections()).isEqualTo(2);
    }

    @Test
    void beyond_the_streams_that_an_instance_takes_another_connection_is_opened() throws Exception {
        Http2Instance instance =
                proxy.http2Upstream(new Http2Instance(call -> {}, new Http2Settings().maxConcurrentStreams(2)));
        List<Wire> clients = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Wire client = proxy.connect();
            sendRequest(client, "GET", "/");
            clients.add(client);
            instance.next();
        }

        assertThat(instance.connections()).isEqualTo(3);
        assertThat(instance.calls().stream().map(Http2Instance.Call::connection).distinct())
                .hasSize(3);
        instance.calls().forEach(call -> call.respond(200, "x"));
        for (Wire client : clients) {
            assertThat(client.readMessage().status()).isEqualTo(200);
        }
    }

    @Test
    void a_large_request_and_a_large_response_go_through_windows_that_are_filled_again() throws Exception {
        String large = "x".repeat(1_500_000);
        proxy.http2Upstream(Http2Instance.whole(call -> call.respond(200, call.body())));

        Message response = proxy.post("/", large);

        assertThat(response.body()).isEqualTo(large);
    }

    @Test
    void a_client_that_does_not_read_stops_its_own_stream_and_no_other() throws Exception {
        String large = "y".repeat(8_000_000);
        Http2Instance instance = proxy.http2Upstream(Http2Instance.whole(
                call -> call.respond(200, call.head().path().toString().equals("/large") ? large : "small")));
        Wire slow = proxy.connect();
        sendRequest(slow, "GET", "/large");
        instance.next();

        for (int i = 0; i < 20; i++) {
            assertThat(proxy.get("/small").body()).isEqualTo("small");
        }

        assertThat(instance.connections()).isEqualTo(1);
        assertThat(slow.readMessage().body()).isEqualTo(large);
    }

    @Test
    void an_instance_that_takes_nothing_stops_its_client_and_no_other() throws Exception {
        Http2Instance instance = proxy.http2Upstream(new Http2Instance.Behaviour() {
            @Override
            public void begins(Http2Instance.Call call) {
                call.takeNothing();
            }

            @Override
            public void ended(Http2Instance.Call call) {
                call.respond(200, "ok");
            }
        });
        Wire client = proxy.connect();
        sendRequest(client, "POST", "/", "Content-Length: 200000");
        client.send("z".repeat(200_000));
        Http2Instance.Call stuck = instance.next();

        assertThat(proxy.get("/").body()).isEqualTo("ok");
        assertThat(stuck.body()).hasSizeLessThanOrEqualTo(65_535);
        stuck.takeAll();
        assertThat(client.readMessage().body()).isEqualTo("ok");
    }

    @Test
    void interim_responses_pass() throws Exception {
        proxy.http2Upstream(Http2Instance.whole(call ->
                call.headers(false, ":status", "103", "link", "</a.css>").respond(200, "done")));
        Wire client = proxy.connect();
        sendRequest(client, "GET", "/");

        assertThat(client.readHead().status()).isEqualTo(103);
        assertThat(client.readMessage().body()).isEqualTo("done");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "X-Upper|v",
                "x y|v",
                "|v",
                "x-a|v\\r\\nset-cookie: a=b",
                "x-a|v\\n",
                "x-a|v\\0",
                "x-a|v\\t",
                "x-a|' v'",
                "connection|close",
                "keep-alive|timeout=5",
                "proxy-connection|close",
                "transfer-encoding|chunked",
                "upgrade|websocket",
                "content-length|5x",
                "content-length|-1",
                ":path|/x"
            })
    void a_field_that_is_malformed_in_http2_makes_the_response_a_bad_one_in_head_and_trailers(String name, String value)
            throws Exception {
        String field = name == null ? "" : name;
        String text = value.replace("\\r", "\r")
                .replace("\\n", "\n")
                .replace("\\0", "\0")
                .replace("\\t", "\t");
        Http2Instance instance = proxy.http2Upstream(Http2Instance.whole(call -> {
            if (call.head().path().toString().equals("/head")) {
                call.headers(false, ":status", "200", field, text);
            } else {
                call.headers(false, ":status", "200").data("x", false).headers(true, field, text);
            }
        }));

        assertThat(proxy.get("/head").status()).isEqualTo(502);
        assertThat(instance.next().awaitReset()).isEqualTo(Http2Error.PROTOCOL_ERROR.code());
        if (!field.equals("content-length")) {
            Wire client = proxy.connect();
            sendRequest(client, "GET", "/trailers", "Connection: close");
            assertThat(client.readToEnd()).doesNotContain("\r\n0\r\n\r\n", "set-cookie");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "20", "2000", "2x0", "101"})
    void a_status_that_is_none_makes_the_response_a_bad_one(String status) throws Exception {
        proxy.http2Upstream(Http2Instance.whole(call -> call.headers(true, ":status", status)));

        assertThat(proxy.get("/").status()).isEqualTo(502);
    }

    @Test
    void content_of_another_length_than_stated_is_no_whole_response() throws Exception {
        proxy.http2Upstream(Http2Instance.whole(call -> call.respond(
                200, call.head().path().toString().equals("/more") ? "123456" : "1234", "content-length", "5")));

        Wire more = proxy.connect();
        sendRequest(more, "GET", "/more", "Connection: close");
        assertThat(contentOf(more.readToEnd())).doesNotStartWith("12345");
        Wire less = proxy.connect();
        sendRequest(less, "GET", "/less", "Connection: close");
        assertThat(contentOf(less.readToEnd())).doesNotStartWith("12345").doesNotContain("\r\n");
    }

    private static String contentOf(String response) {
        return response.substring(response.indexOf("\r\n\r\n") + 4);
    }

    @Test
    void a_response_to_head_has_a_length_and_no_content() throws Exception {
        proxy.http2Upstream(Http2Instance.whole(call -> call.respond(200, "", "content-length", "5")));

        Message response = proxy.request("HEAD", "/");

        assertThat(response.head().one("content-length")).isEqualTo("5");
    }

    @Test
    void a_reset_behind_a_whole_response_changes_nothing() throws Exception {
        proxy.http2Upstream(call -> call.headers(false, ":status", "200")
                .data("whole", false)
                .headers(true, "x-end", "1")
                .reset(Http2Error.NO_ERROR));

        Message response = proxy.post("/", "body");

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("whole");
        assertThat(response.trailers().one("x-end")).isEqualTo("1");
    }

    @Test
    void a_refused_stream_goes_on_to_another_instance_whatever_its_method() throws Exception {
        Http2Instance refusing =
                proxy.http2Upstream(Http2Instance.whole(call -> call.reset(Http2Error.REFUSED_STREAM)));
        proxy.http2Upstream(Http2Instance.whole(call -> call.respond(200, "got " + call.body())));

        for (int i = 0; i < 4; i++) {
            assertThat(proxy.post("/", "data").body()).isEqualTo("got data");
        }

        assertThat(refusing.calls()).isNotEmpty();
        assertThat(proxy.upstreams()).allMatch(upstream -> upstream.failures() == 0);
    }

    @Test
    void a_stream_that_was_reset_otherwise_is_not_sent_again_unless_the_method_allows_it() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        proxy.http2Upstream(Http2Instance.whole(call -> {
            requests.incrementAndGet();
            call.reset(Http2Error.INTERNAL_ERROR);
        }));

        assertThat(proxy.post("/", "data").status()).isEqualTo(502);
        assertThat(requests).hasValue(1);
        assertThat(proxy.get("/").status()).isEqualTo(502);
        assertThat(requests.get()).isGreaterThan(2);
    }

    @Test
    void after_goaway_streams_that_were_looked_at_finish_and_the_others_go_elsewhere() throws Exception {
        Http2Instance leaving = proxy.http2Upstream(call -> {});
        Wire first = proxy.connect();
        sendRequest(first, "POST", "/", "Content-Length: 1");
        first.send("1");
        Http2Instance.Call looked = leaving.next();
        Wire second = proxy.connect();
        sendRequest(second, "POST", "/", "Content-Length: 1");
        second.send("2");
        Http2Instance.Call unseen = leaving.next();
        Http2Instance staying = proxy.http2Upstream(Http2Instance.whole(call -> call.respond(200, "elsewhere")));

        looked.goAway(looked.id());

        assertThat(unseen.id()).isGreaterThan(looked.id());
        assertThat(second.readMessage().body()).isEqualTo("elsewhere");
        looked.respond(200, "finished");
        assertThat(first.readMessage().body()).isEqualTo("finished");
        assertThat(staying.calls()).hasSize(1);
    }

    @Test
    void after_goaway_new_requests_get_a_new_connection() throws Exception {
        Http2Instance instance = proxy.http2Upstream(Http2Instance.whole(call -> call.respond(200, "x")));
        assertThat(proxy.get("/").status()).isEqualTo(200);
        instance.calls().get(0).goAway(Integer.MAX_VALUE);

        for (int i = 0; i < 3; i++) {
            assertThat(proxy.post("/", "data").status()).isEqualTo(200);
        }

        assertThat(instance.connections()).isEqualTo(2);
    }

    @Test
    void an_instance_that_speaks_http1_alone_could_not_be_reached() throws Exception {
        proxy.upstream((request, wire) -> wire.respond(400, "what is PRI?"));

        assertThat(proxy.get("/").status()).isEqualTo(502);
    }

    @Test
    void a_connection_that_breaks_blames_its_instance_once() throws Exception {
        Http2Instance instance = proxy.http2Upstream(call -> {});
        List<Wire> clients = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Wire client = proxy.connect();
            sendRequest(client, "POST", "/", "Content-Length: 1");
            client.send("1");
            clients.add(client);
            instance.next().headers(false, ":status", "103");
            assertThat(client.readHead().status()).isEqualTo(103);
        }

        instance.breakAll();

        for (Wire client : clients) {
            assertThat(client.readMessage().status()).isEqualTo(502);
        }
        await().untilAsserted(
                        () -> assertThat(proxy.upstreams().get(0).failures()).isEqualTo(1));
    }

    @Test
    void a_connection_on_which_nothing_comes_is_asked_and_closed() throws Exception {
        Http2Instance instance = proxy.http2Upstream(call -> {
            if (call.head().path().toString().equals("/answers")) {
                call.respond(200, "there");
            } else {
                call.headers(false, ":status", "200").data("begun", false);
            }
        });
        Wire running = proxy.connect();
        sendRequest(running, "GET", "/runs");
        assertThat(running.readHead().status()).isEqualTo(200);
        instance.goDeaf();

        assertThat(proxy.post("/answers", "x").status()).isEqualTo(504);
        assertThat(proxy.post("/answers", "x").body()).isEqualTo("there");
        assertThat(instance.connections()).isEqualTo(2);
        assertThat(running.readToEnd()).contains("begun");
    }

    @Test
    void the_end_of_a_client_cancels_its_stream() throws Exception {
        Http2Instance instance = proxy.http2Upstream(
                call -> call.headers(false, ":status", "200").data("x", false));
        Wire client = proxy.connect();
        sendRequest(client, "GET", "/");
        Http2Instance.Call call = instance.next();
        assertThat(client.readHead().status()).isEqualTo(200);

        client.close();

        assertThat(call.awaitReset()).isEqualTo(Http2Error.CANCEL.code());
    }
}

package dev.pointsman.balancer.proxy;

import static dev.pointsman.balancer.testkit.Http2Wire.DATA;
import static dev.pointsman.balancer.testkit.Http2Wire.GOAWAY;
import static dev.pointsman.balancer.testkit.Http2Wire.HEADERS;
import static dev.pointsman.balancer.testkit.Http2Wire.RST_STREAM;
import static dev.pointsman.balancer.testkit.Http2Wire.SETTINGS;
import static dev.pointsman.balancer.testkit.Http2Wire.WINDOW_UPDATE;
import static dev.pointsman.balancer.testkit.Http2Wire.frameBytes;
import static dev.pointsman.balancer.testkit.Http2Wire.int32;
import static dev.pointsman.balancer.testkit.Http2Wire.setting;
import static dev.pointsman.balancer.testkit.TestProxy.sendRequest;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.testkit.CapturedLog;
import dev.pointsman.balancer.testkit.Http2Wire;
import dev.pointsman.balancer.testkit.ScriptedHttp2;
import dev.pointsman.balancer.testkit.TestProxy;
import dev.pointsman.balancer.testkit.Wire;
import io.netty.util.ResourceLeakDetector;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What instances say of themselves while requests are under way, or do not say: SETTINGS, GOAWAY, and none of both. */
class Http2SettingsOfInstancesTest {
    private static final int TABLE_SIZE = 1;
    private static final int MOST_STREAMS = 3;
    private static final int WINDOW = 4;

    @RegisterExtension
    private final CapturedLog log = new CapturedLog();

    @RegisterExtension
    private final TestProxy proxy =
            new TestProxy("connect-timeout=500ms", "response-timeout=5s", "route=/=svc;proto=h2c");

    private final ResourceLeakDetector.Level traced = ResourceLeakDetector.getLevel();

    @AfterEach
    void buffers_are_traced_as_before() {
        ResourceLeakDetector.setLevel(traced);
    }

    private static void respond(Http2Wire wire, int stream, String body) throws Exception {
        wire.headers(stream, false, ":status", "200").data(stream, body, true);
    }

    private static void respondToAll(Http2Wire wire) throws Exception {
        for (Http2Wire.Request request = wire.request(); request.stream() != -1; request = wire.request()) {
            respond(wire, request.stream(), "fine");
        }
    }

    /** A client whose request is under way. */
    private Wire post() throws Exception {
        Wire client = proxy.connect();
        sendRequest(client, "POST", "/", "Content-Length: 1");
        return client.send("1");
    }

    @Test
    void an_instance_that_never_sends_its_settings_could_not_be_reached() throws Exception {
        proxy.http2Upstream(ScriptedHttp2.playing(wire -> {
            // It takes the connection, and says nothing until that is over.
            wire.skipTo(unused -> false);
        }));

        assertThat(proxy.post("/", "x").status()).isEqualTo(504);
        assertThat(log.text()).contains("POST /");
    }

    @Test
    void an_instance_that_speaks_http1_is_told_apart_in_the_log() throws Exception {
        proxy.http2Upstream(
                ScriptedHttp2.playing(wire -> wire.raw("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
                        .skipTo(unused -> false)));

        assertThat(proxy.post("/", "x").status()).isEqualTo(502);
        assertThat(log.text()).contains("(not HTTP/2: First received frame was not SETTINGS");
    }

    @Test
    void an_instance_that_never_acknowledges_settings_is_served_all_the_same() throws Exception {
        ScriptedHttp2 instance = proxy.http2Upstream(ScriptedHttp2.playing(wire -> {
            wire.serve("", false);
            respondToAll(wire);
        }));

        for (int i = 0; i < 3; i++) {
            assertThat(proxy.post("/", "x").body()).isEqualTo("fine");
        }

        assertThat(instance.connections()).isEqualTo(1);
    }

    @Test
    void a_connection_that_takes_no_stream_any_more_finishes_what_it_has_and_another_one_is_opened() throws Exception {
        CountDownLatch none = new CountDownLatch(1);
        ScriptedHttp2 instance = proxy.http2Upstream(ScriptedHttp2.playing(wire -> {
            Http2Wire.Request first = wire.serve("").request();
            if (none.getCount() == 0) {
                respond(wire, first.stream(), "on another");
                return;
            }
            wire.headers(first.stream(), false, ":status", "200")
                    .frame(SETTINGS, 0, 0, setting(MOST_STREAMS, 0))
                    .skipTo(frame -> frame.type() == SETTINGS);
            none.countDown();
            assertThat(wire.skipTo(frame -> frame.type() == HEADERS || frame.type() == -1 || frame.type() == DATA)
                            .type())
                    .as("a stream that is not taken")
                    .isNotEqualTo(HEADERS);
            wire.data(first.stream(), "finished", true).request();
        }));
        Wire client = proxy.connect();
        sendRequest(client, "POST", "/", "Content-Length: 2");
        client.readHead();
        assertThat(none.await(10, TimeUnit.SECONDS)).isTrue();

        assertThat(proxy.get("/").body()).isEqualTo("on another");

        client.send("xy");
        assertThat(client.readChunk()).isEqualTo("finished");
        assertThat(instance.connections()).isEqualTo(2);
    }

    @Test
    void an_instance_that_takes_no_stream_at_all_could_not_be_reached() throws Exception {
        proxy.http2Upstream(ScriptedHttp2.playing(
                wire -> wire.serve(setting(MOST_STREAMS, 0)).request()));

        assertThat(proxy.post("/", "x").status()).isEqualTo(502);
    }

    @Test
    void streams_beyond_a_limit_of_one_go_to_other_connections() throws Exception {
        CountDownLatch both = new CountDownLatch(2);
        ScriptedHttp2 instance = proxy.http2Upstream(ScriptedHttp2.playing(wire -> {
            Http2Wire.Request request = wire.serve(setting(MOST_STREAMS, 1)).request();
            both.countDown();
            assertThat(both.await(10, TimeUnit.SECONDS)).isTrue();
            respond(wire, request.stream(), "one of two");
            respondToAll(wire);
        }));
        Wire first = proxy.connect();
        Wire second = proxy.connect();
        sendRequest(first, "GET", "/");
        sendRequest(second, "GET", "/");

        assertThat(first.readMessage().body()).isEqualTo("one of two");
        assertThat(second.readMessage().body()).isEqualTo("one of two");
        assertThat(instance.connections()).isEqualTo(2);
    }

    @Test
    void a_window_that_shrinks_under_way_stops_an_upload_until_it_is_opened_again() throws Exception {
        String body = "u".repeat(60_000);
        proxy.http2Upstream(ScriptedHttp2.playing(wire -> {
            int stream = wire.serve("").request().stream();
            int received = 0;
            boolean shrunk = false;
            while (received < 60_000) {
                Http2Wire.Frame frame = wire.skipTo(any -> any.type() == DATA || any.type() == SETTINGS);
                received += frame.type() == DATA ? frame.payload().length() : 0;
                if (received > 10_000 && !shrunk) {
                    wire.frame(SETTINGS, 0, 0, setting(WINDOW, 1_000));
                    shrunk = true;
                } else if (shrunk && frame.type() == SETTINGS) {
                    // The window is less than nothing by now.
                    wire.frame(WINDOW_UPDATE, 0, stream, int32(64_535));
                }
            }
            respond(wire, stream, "all of it");
            respondToAll(wire);
        }));
        Wire client = proxy.connect();
        sendRequest(client, "POST", "/", "Content-Length: " + body.length());
        client.send(body.substring(0, 20_000));
        client.send(body.substring(20_000));

        assertThat(client.readMessage().body()).isEqualTo("all of it");
    }

    @Test
    void what_is_above_the_last_stream_of_goaway_goes_elsewhere_and_the_rest_breaks_with_the_connection()
            throws Exception {
        CountDownLatch first = new CountDownLatch(1);
        AtomicInteger connections = new AtomicInteger();
        proxy.http2Upstream(ScriptedHttp2.playing(wire -> {
            wire.serve("");
            if (connections.incrementAndGet() > 1) {
                respondToAll(wire);
                return;
            }
            int looked = wire.request().stream();
            first.countDown();
            wire.request();
            wire.frame(GOAWAY, 0, 0, int32(looked) + int32(0));
        }));
        Wire processed = post();
        assertThat(first.await(10, TimeUnit.SECONDS)).isTrue();
        Wire unseen = post();

        assertThat(unseen.readMessage().body()).isEqualTo("fine");
        assertThat(processed.readMessage().status()).isEqualTo(502);
    }

    @Test
    void goaway_whose_last_stream_comes_down_sends_more_requests_elsewhere() throws Exception {
        AtomicInteger connections = new AtomicInteger();
        CountDownLatch first = new CountDownLatch(1);
        proxy.http2Upstream(ScriptedHttp2.playing(wire -> {
            wire.serve("");
            if (connections.incrementAndGet() > 1) {
                respondToAll(wire);
                return;
            }
            int looked = wire.request().stream();
            first.countDown();
            wire.request();
            wire.frame(GOAWAY, 0, 0, int32(Integer.MAX_VALUE) + int32(0)).frame(GOAWAY, 0, 0, int32(looked) + int32(0));
            respond(wire, looked, "looked at");
            wire.skipTo(unused -> false);
        }));
        Wire processed = post();
        assertThat(first.await(10, TimeUnit.SECONDS)).isTrue();
        Wire unseen = post();

        assertThat(unseen.readMessage().body()).isEqualTo("fine");
        assertThat(processed.readMessage().body()).isEqualTo("looked at");
    }

    @Test
    void an_instance_that_has_answered_may_end_the_stream_while_its_client_goes_on_sending() throws Exception {
        ScriptedHttp2 instance = proxy.http2Upstream(ScriptedHttp2.responding((request, wire) -> {
            respond(wire, request.stream(), "enough");
            wire.frame(RST_STREAM, 0, request.stream(), int32(0));
        }));
        Wire client = proxy.connect();
        sendRequest(client, "POST", "/", "Content-Length: 1000000");
        client.send("u".repeat(10_000));

        assertThat(client.readMessage().body()).isEqualTo("enough");
        assertThat(proxy.get("/").body()).isEqualTo("enough");
        assertThat(instance.connections()).isEqualTo(1);
    }

    @Test
    void the_table_of_fields_is_not_larger_than_usual_whatever_an_instance_asks_for() throws Exception {
        AtomicInteger bytes = new AtomicInteger();
        proxy.http2Upstream(ScriptedHttp2.playing(wire -> {
            wire.serve(setting(TABLE_SIZE, 1_000_000_000));
            for (Http2Wire.Frame frame = wire.skipTo(f -> f.type() == HEADERS || f.type() == -1);
                    frame.type() != -1;
                    frame = wire.skipTo(f -> f.type() == HEADERS || f.type() == -1)) {
                bytes.set(frame.payload().length());
                respond(wire, frame.stream(), "fine");
            }
        }));

        // What does not fit into a table of 4 KiB is sent in full each time.
        String[] large = new String[10];
        for (int i = 0; i < large.length; i++) {
            large[i] = "X-Large-" + i + ": " + "v".repeat(700);
        }
        for (int i = 0; i < 3; i++) {
            assertThat(proxy.get("/", large).body()).isEqualTo("fine");
        }
        assertThat(bytes.get()).isGreaterThan(3000);
    }

    @Test
    void an_instance_that_asks_and_does_not_read_the_answers_is_left() throws Exception {
        // The kernel takes some 200,000 answers before any waits, and it is slow to trace each.
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.SIMPLE);
        proxy.http2Upstream(ScriptedHttp2.playing(wire -> {
            int stream = wire.serve("").request().stream();
            wire.headers(stream, false, ":status", "200");
            // Each piece of content allows for some PINGs.
            String some = frameBytes(DATA, 0, stream, "x")
                    + frameBytes(Http2Wire.PING, 0, 0, "12345678").repeat(3);
            for (int i = 0; i < 4_000; i++) {
                wire.raw(some.repeat(50));
            }
        }));
        Wire client = proxy.connect();
        sendRequest(client, "POST", "/", "Content-Length: 0", "Connection: close");

        assertThat(client.readToEnd()).startsWith("HTTP/1.1 200 ").doesNotContain("\r\n0\r\n");
        assertThat(log.text()).contains("a flood of frames that belong to no response");
    }
}

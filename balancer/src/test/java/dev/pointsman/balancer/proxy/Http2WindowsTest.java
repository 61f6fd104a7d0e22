package dev.pointsman.balancer.proxy;

import static dev.pointsman.balancer.testkit.TestProxy.sendRequest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.balancer.testkit.Http2Instance;
import dev.pointsman.balancer.testkit.TestProxy;
import dev.pointsman.balancer.testkit.Wire;
import io.netty.handler.codec.http2.Http2Error;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The windows of responses in HTTP/2: what an instance may send ahead of its client. */
class Http2WindowsTest {
    private static final int FIRST = 64 * 1024;

    @RegisterExtension
    private final TestProxy proxy = new TestProxy("route=/=svc;proto=h2c");

    private static void begin(Http2Instance.Call call) {
        call.headers(false, ":status", "200", "content-length", "100000000");
    }

    private void download(Wire client, Http2Instance.Call call, int pieces) throws Exception {
        String piece = "x".repeat(50_000);
        for (int i = 0; i < pieces; i++) {
            call.data(piece, false);
            assertThat(client.read(piece.length())).hasSize(piece.length());
        }
    }

    @Test
    void the_window_of_a_client_that_keeps_up_grows_up_to_a_limit() throws Exception {
        Http2Instance instance = proxy.http2Upstream(Http2WindowsTest::begin);
        Wire client = proxy.connect();
        sendRequest(client, "GET", "/");
        Http2Instance.Call call = instance.next();
        client.readHead();
        assertThat(call.window()).isLessThanOrEqualTo(FIRST);

        download(client, call, 120);

        await().untilAsserted(() -> assertThat(call.window()).isBetween(1_000_000, 2 * 1024 * 1024));
        client.close();
    }

    @Test
    void what_the_windows_of_a_connection_grow_by_is_bounded_for_all_of_them_and_given_back() throws Exception {
        Http2Instance instance = proxy.http2Upstream(Http2WindowsTest::begin);
        List<Wire> clients = new ArrayList<>();
        long granted = 0;
        for (int i = 0; i < 5; i++) {
            Wire client = proxy.connect();
            clients.add(client);
            sendRequest(client, "GET", "/");
            Http2Instance.Call call = instance.next();
            client.readHead();
            download(client, call, 90);
            granted += Math.max(0, call.window() - FIRST);
            if (i == 4) {
                assertThat(granted).isLessThanOrEqualTo(6 * 1024 * 1024);
                assertThat(call.window()).isLessThanOrEqualTo(FIRST);
            }
        }
        for (Wire client : clients) {
            client.close();
        }
        for (Http2Instance.Call call : instance.calls()) {
            assertThat(call.awaitReset()).isEqualTo(Http2Error.CANCEL.code());
        }

        Wire later = proxy.connect();
        sendRequest(later, "GET", "/");
        Http2Instance.Call call = instance.next();
        later.readHead();
        download(later, call, 90);
        assertThat(call.window()).isGreaterThan(500_000);
        assertThat(instance.connections()).isEqualTo(1);
        later.close();
    }

    @Test
    void a_client_that_reads_nothing_holds_one_first_window_of_its_response() throws Exception {
        Http2Instance instance = proxy.http2Upstream(Http2WindowsTest::begin);
        Wire client = proxy.connect();
        sendRequest(client, "GET", "/");
        Http2Instance.Call call = instance.next();
        client.readHead();

        for (int i = 0; i < 400; i++) {
            call.data("x".repeat(50_000), false);
        }

        await().untilAsserted(() -> assertThat(call.window()).isZero());
        // What its socket did not take is here, and no other response is stopped by it.
        Wire other = proxy.connect();
        sendRequest(other, "GET", "/");
        Http2Instance.Call next = instance.next();
        other.readHead();
        download(other, next, 10);
        client.close();
        other.close();
    }
}

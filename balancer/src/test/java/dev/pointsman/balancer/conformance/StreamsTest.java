package dev.pointsman.balancer.conformance;

import static dev.pointsman.balancer.conformance.RawMessage.head;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.testkit.Head;
import dev.pointsman.balancer.testkit.ScriptedUpstream;
import dev.pointsman.balancer.testkit.StrictReader;
import dev.pointsman.balancer.testkit.TestProxy;
import dev.pointsman.balancer.testkit.Wire;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Both directions at once, and many at once. */
class StreamsTest {
    @RegisterExtension
    private static final TestProxy proxy = TestProxy.shared();

    @Test
    void a_response_may_be_under_way_while_the_request_still_is() throws Exception {
        proxy.rawUpstream(wire -> {
            while (true) {
                Head head = wire.readHead();
                if (head.method().equals("GET")) {
                    wire.respond(200, "next");
                    continue;
                }
                wire.sendHead("HTTP/1.1 200 OK", "Transfer-Encoding: chunked");
                for (String chunk = wire.readChunk(); !chunk.isEmpty(); chunk = wire.readChunk()) {
                    wire.send(Integer.toHexString(chunk.length()) + "\r\n" + chunk + "\r\n");
                }
                wire.readLastLine();
                wire.send("0\r\n\r\n");
            }
        });
        Wire client = proxy.connect();

        for (int round = 0; round < 2; round++) {
            client.send(head("POST /echo HTTP/1.1", "Host: a", "Transfer-Encoding: chunked"));
            for (String word : new String[] {"one", "two", "three"}) {
                client.send(Integer.toHexString(word.length()) + "\r\n" + word + "\r\n");
                if (word.equals("one")) {
                    assertThat(client.readHead().status()).isEqualTo(200);
                }
                assertThat(client.readChunk()).isEqualTo(word);
            }
            client.send("0\r\n\r\n");
            assertThat(client.readChunk()).isEmpty();
            client.readLastLine();
            client.send(head("GET /next HTTP/1.1", "Host: a"));
            assertThat(client.readMessage().body()).isEqualTo("next");
        }
    }

    @Test
    void an_interim_response_passes_while_the_body_is_still_to_come() throws Exception {
        proxy.rawUpstream(wire -> {
            wire.readHead();
            wire.sendHead("HTTP/1.1 102 Processing");
            wire.respond(200, "got " + wire.read(4));
        });
        Wire client = proxy.connect();
        StrictReader responses = new StrictReader(client);

        client.send(head("POST /x HTTP/1.1", "Host: a", "Content-Length: 4") + "da");
        assertThat(responses.readResponseHead().status()).isEqualTo(102);
        client.send("ta");

        assertThat(responses.readResponse("POST").body()).isEqualTo("got data");
    }

    @Test
    void two_hundred_clients_wait_side_by_side() throws Exception {
        int many = 200;
        CountDownLatch allThere = new CountDownLatch(many);
        ScriptedUpstream upstream = proxy.strictUpstream((request, wire) -> {
            allThere.countDown();
            assertThat(allThere.await(20, TimeUnit.SECONDS)).isTrue();
            wire.respond(200, request.head().uri());
        });
        List<Wire> clients = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            Wire client = proxy.connect();
            client.send(head("GET /" + i + " HTTP/1.1", "Host: a"));
            clients.add(client);
        }

        for (int i = 0; i < many; i++) {
            assertThat(new StrictReader(clients.get(i)).readResponse("GET").body())
                    .isEqualTo("/" + i);
        }
        assertThat(upstream.received()).hasSize(many);
    }

    @Test
    void a_thousand_requests_in_one_go_are_served_one_by_one() throws Exception {
        proxy.strictUpstream((request, wire) -> wire.respond(200, request.head().uri()));
        Wire client = proxy.connect();
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < 1000; i++) {
            all.append(head("GET /" + i + " HTTP/1.1", "Host: a"));
        }

        client.send(all.toString());

        StrictReader responses = new StrictReader(client);
        for (int i = 0; i < 1000; i++) {
            assertThat(responses.readResponse("GET").body()).isEqualTo("/" + i);
        }
    }
}

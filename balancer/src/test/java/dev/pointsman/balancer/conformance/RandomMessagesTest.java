package dev.pointsman.balancer.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.testkit.Message;
import dev.pointsman.balancer.testkit.RandomMessages;
import dev.pointsman.balancer.testkit.RandomMessages.Sample;
import dev.pointsman.balancer.testkit.ReferenceParser;
import dev.pointsman.balancer.testkit.ReferenceParser.End;
import dev.pointsman.balancer.testkit.ReferenceParser.Reading;
import dev.pointsman.balancer.testkit.ScriptedUpstream;
import dev.pointsman.balancer.testkit.StrictReader;
import dev.pointsman.balancer.testkit.TestProxy;
import dev.pointsman.balancer.testkit.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What goes in comes out, or is refused, and never something else: for messages that no other test has.
 *
 * <p>A case is a seed; a failure names it. {@code -Dpointsman.test.seed=N} begins with another one, and
 * {@code -Dpointsman.test.cases=N} tries more.
 */
class RandomMessagesTest {
    private static final long SEED = Long.getLong("pointsman.test.seed", 20_261_121);
    private static final int MOST_FAILURES = 20;
    private static final int CASES = Integer.getInteger("pointsman.test.cases", 200);

    @RegisterExtension
    private static final TestProxy proxy = TestProxy.shared();

    @FunctionalInterface
    private interface Case {
        void run(RandomMessages random) throws Exception;
    }

    private static void forEachSeed(Case each) {
        List<Long> failed = new ArrayList<>();
        AssertionError first = null;
        for (long seed = SEED; seed < SEED + CASES && failed.size() < MOST_FAILURES; seed++) {
            try {
                each.run(new RandomMessages(seed));
            } catch (Exception | AssertionError failure) {
                failed.add(seed);
                first = first == null
                        ? new AssertionError("seed " + seed + ": " + failure.getMessage(), failure)
                        : first;
            }
        }
        if (first != null) {
            throw new AssertionError("seeds " + failed + " (see -Dpointsman.test.seed)", first);
        }
    }

    @Test
    void requests_in_form_arrive_as_they_were_sent_however_they_are_cut_into_packets() throws Exception {
        ScriptedUpstream upstream = proxy.strictUpstream(
                (request, wire) -> wire.respond(200, request.head().uri()));
        forEachSeed(random -> {
            List<Sample> samples = requests(random, 4);
            int before = upstream.received().size();
            Wire client = proxy.connect();
            StrictReader responses = new StrictReader(client);

            sendInPackets(client, random, bytes(samples));

            for (Sample sample : samples) {
                assertThat(responses
                                .readResponse(sample.meaning().head().method())
                                .body())
                        .isEqualTo(sample.meaning().head().uri());
            }
            for (int i = 0; i < samples.size(); i++) {
                assertSame(upstream.received().get(before + i), samples.get(i).meaning());
            }
            assertThat(upstream.received()).hasSize(before + samples.size());
            client.close();
        });
    }

    @Test
    void trailers_of_requests_arrive_as_they_were_sent() throws Exception {
        ScriptedUpstream upstream = proxy.strictUpstream((request, wire) -> wire.respond(200, "ok"));
        forEachSeed(random -> {
            Sample sample = random.request("/r");
            Wire client = proxy.connect();

            client.send(sample.bytes());

            new StrictReader(client).readResponse(sample.meaning().head().method());
            Message arrived = upstream.received().get(upstream.received().size() - 1);
            assertThat(arrived.trailers().fields())
                    .isEqualTo(sample.meaning().trailers().fields());
            client.close();
        });
    }

    /** What of it the reference reads arrives; what must be refused does not, nor does anything behind it. */
    @Test
    void requests_out_of_form_never_arrive_as_something_else() throws Exception {
        ScriptedUpstream upstream = proxy.strictUpstream((request, wire) -> wire.respond(200, "ok"));
        forEachSeed(random -> {
            String bytes = random.spoil(bytes(requests(random, 3)));
            Reading reading = ReferenceParser.read(bytes);
            if (reading.end() == End.OPEN) {
                return;
            }
            int before = upstream.received().size();

            send(random, bytes, reading);

            List<Message> arrived = List.copyOf(
                    upstream.received().subList(before, upstream.received().size() - 1));
            assertThat(arrived).hasSameSizeAs(reading.requests());
            for (int i = 0; i < reading.requests().size(); i++) {
                assertSame(arrived.get(i), reading.requests().get(i));
            }
        });
    }

    /** What stands before the doubt arrives; that what stands behind it is in form is the strict reader's to say. */
    @Test
    void requests_of_doubtful_form_arrive_in_form_or_not_at_all() throws Exception {
        ScriptedUpstream upstream = proxy.strictUpstream((request, wire) -> wire.respond(200, "ok"));
        forEachSeed(random -> {
            String bytes = random.spoil(bytes(requests(random, 3)));
            Reading reading = ReferenceParser.read(bytes);
            if (reading.end() != End.OPEN) {
                return;
            }

            send(random, bytes, reading);

            List<String> expected = new ArrayList<>(starts(reading.requests()));
            expected.add("GET /later HTTP/1.1");
            assertThat(starts(upstream.received())).containsSubsequence(expected);
        });
    }

    private static List<String> starts(List<Message> requests) {
        return requests.stream().map(request -> request.head().start()).toList();
    }

    /** And waits until nothing of it is on its way any more. */
    private static void send(RandomMessages random, String bytes, Reading reading) throws IOException {
        try (Wire client = proxy.connect()) {
            sendInPackets(client, random, bytes);
            readResponses(client, reading);
            client.endAndAwaitEnd();
        } catch (IOException | AssertionError failure) {
            throw new AssertionError(reading.end() + ": " + RawMessage.shown(bytes), failure);
        }
        assertThat(proxy.get("/later").status()).isEqualTo(200);
        proxy.awaitIdle();
    }

    private static void readResponses(Wire client, Reading reading) throws IOException {
        StrictReader responses = new StrictReader(client);
        for (Message request : reading.requests()) {
            assertThat(responses.readResponse(request.head().method()).status()).isEqualTo(200);
        }
        if (reading.end() == End.REFUSED) {
            assertThat(responses.readResponse("GET").status()).isBetween(400, 505);
            assertThat(client.ends()).isTrue();
        }
    }

    @Test
    void responses_in_form_arrive_as_they_were_sent_however_they_are_cut_into_packets() throws Exception {
        AtomicReference<List<String>> packets = new AtomicReference<>(List.of());
        proxy.strictUpstream((request, wire) -> {
            if (request.head().uri().equals("/next")) {
                wire.respond(200, "next");
            } else {
                for (String packet : Objects.requireNonNull(packets.get())) {
                    wire.send(packet);
                }
            }
        });
        Wire client = proxy.connect();
        StrictReader responses = new StrictReader(client);
        forEachSeed(random -> {
            Sample sample = random.response();
            packets.set(random.packets(sample.bytes()));

            TestProxy.sendRequest(client, "GET", "/x");
            Message response = responses.readFinalResponse("GET");

            assertThat(response.head().start())
                    .isEqualTo(sample.meaning().head().start());
            assertSame(response, sample.meaning());
            assertThat(response.trailers().fields())
                    .isEqualTo(sample.meaning().trailers().fields());
            TestProxy.sendRequest(client, "GET", "/next");
            assertThat(responses.readResponse("GET").body()).isEqualTo("next");
        });
    }

    /** Whole, refused or visibly broken: that what comes is in form is the strict reader's to say. */
    @Test
    void responses_out_of_form_never_spoil_the_next_one() throws Exception {
        AtomicReference<List<String>> packets = new AtomicReference<>(List.of());
        proxy.strictUpstream((request, wire) -> {
            if (request.head().uri().equals("/next")) {
                wire.respond(200, "next");
            } else {
                for (String packet : Objects.requireNonNull(packets.get())) {
                    wire.send(packet);
                }
                wire.close();
            }
        });
        forEachSeed(random -> {
            packets.set(random.packets(random.spoil(random.response().bytes())));
            Wire client = proxy.connect();
            StrictReader responses = new StrictReader(client);

            TestProxy.sendRequest(client, "POST", "/x", "Content-Length: 0");
            try {
                responses.readFinalResponse("POST");
                // Which may be sent again: the upstream closes its connection, and perhaps just now.
                TestProxy.sendRequest(client, "GET", "/next");
                assertThat(responses.readResponse("GET").body()).isEqualTo("next");
            } catch (IOException brokenOff) {
                assertThat(proxy.get("/next").body()).isEqualTo("next");
            }
            client.close();
        });
    }

    private static String bytes(List<Sample> samples) {
        return samples.stream().map(Sample::bytes).collect(Collectors.joining());
    }

    private static List<Sample> requests(RandomMessages random, int most) {
        List<Sample> samples = new ArrayList<>();
        for (int i = random.upTo(most); i > 0; i--) {
            samples.add(random.request("/" + i));
        }
        return samples;
    }

    private static void sendInPackets(Wire client, RandomMessages random, String bytes) {
        try {
            for (String packet : random.packets(bytes)) {
                client.send(packet);
            }
        } catch (IOException refused) {
            // The response tells why.
        }
    }

    private static void assertSame(Message arrived, Message sent) {
        if (!sent.head().start().startsWith("HTTP/")) {
            assertThat(arrived.head().start()).isEqualTo(sent.head().start());
            assertThat(arrived.head().one("host")).isEqualTo(sent.head().one("host"));
        }
        assertThat(fields(arrived)).isEqualTo(fields(sent));
        assertThat(arrived.body().equals(sent.body()))
                .as("the body is the same")
                .isTrue();
    }

    /** The ones that were made up; framing and the proxy's own are looked at elsewhere. */
    private static List<Map.Entry<String, String>> fields(Message message) {
        return message.head().fields().stream()
                .filter(field -> field.getKey().startsWith("X")
                        && !field.getKey().matches("(?i)x-(forwarded-.*|request-id|real-ip)"))
                .toList();
    }
}

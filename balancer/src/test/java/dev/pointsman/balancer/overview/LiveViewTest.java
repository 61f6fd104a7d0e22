package dev.pointsman.balancer.overview;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pointsman.balancer.testkit.Head;
import dev.pointsman.balancer.testkit.TestBalancer;
import dev.pointsman.balancer.testkit.Wire;
import dev.pointsman.testkit.FreePorts;
import dev.pointsman.testkit.TestHttp.Reply;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The live view of a whole balancer. */
class LiveViewTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @RegisterExtension
    private final TestBalancer balancer = new TestBalancer();

    /** An event of a stream; without a name where it only says something about the stream. */
    private record Event(String name, String id, String data) {
        JsonNode json() throws Exception {
            return JSON.readTree(data);
        }
    }

    /** A client of the stream that reads event by event. */
    private static final class Events implements AutoCloseable {
        private final Wire wire;
        private final StringBuilder unread = new StringBuilder();

        Events(Wire wire) {
            this.wire = wire;
        }

        Event next() throws Exception {
            int end = unread.indexOf("\n\n");
            while (end < 0) {
                unread.append(wire.readChunk());
                end = unread.indexOf("\n\n");
            }
            String text = unread.substring(0, end);
            unread.delete(0, end + 2);
            String name = "";
            String id = "";
            String data = "";
            for (String line : text.split("\n", -1)) {
                name = line.startsWith("event: ") ? line.substring(7) : name;
                id = line.startsWith("id: ") ? line.substring(4) : id;
                data = line.startsWith("data: ") ? line.substring(6) : data;
            }
            return new Event(name, id, data);
        }

        Event next(String name, Predicate<String> such) throws Exception {
            Event event = next();
            while (!event.name().equals(name) || !such.test(event.data())) {
                event = next();
            }
            return event;
        }

        @Override
        public void close() throws IOException {
            wire.close();
        }
    }

    private Events stream(String query, String... fields) throws Exception {
        Wire wire = Wire.to(balancer.adminPort());
        return stream(wire, query, fields);
    }

    private static Events stream(Wire wire, String query, String... fields) throws Exception {
        List<String> head = new ArrayList<>(List.of("GET /api/live" + query + " HTTP/1.1", "Host: localhost"));
        head.addAll(List.of(fields));
        wire.sendHead(head.toArray(String[]::new));
        Head response = wire.readHead();
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.one("content-type")).isEqualTo("text/event-stream");
        return new Events(wire);
    }

    /** Lists an instance that nothing listens for. */
    private void listDead(String id) throws Exception {
        int port = FreePorts.take();
        balancer.consul().list("svc", id, port, "passing", "");
    }

    private void awaitReady(int instances) {
        await().until(() -> balancer.admin()
                        .get("/api/overview")
                        .json()
                        .path("services")
                        .path(0)
                        .path("ready")
                        .asInt()
                == instances);
    }

    @Test
    void the_overview_has_the_requests_of_the_last_seconds() throws Exception {
        balancer.instances("a");
        balancer.start();
        awaitReady(1);

        await().untilAsserted(() -> {
            balancer.client().get("/x");
            balancer.client().get("/x");
            JsonNode overview = balancer.admin().get("/api/overview").json();
            assertThat(overview.path("traffic").path("rate").asDouble()).isPositive();
            JsonNode service = overview.path("services").path(0);
            assertThat(service.path("traffic").path("p50Ms").asDouble()).isPositive();
            assertThat(service.path("routes").path(0).path("route").asText()).isEqualTo("/");
            assertThat(service.path("routes")
                            .path(0)
                            .path("traffic")
                            .path("rate")
                            .asDouble())
                    .isPositive();
            assertThat(service.path("upstreams")
                            .path(0)
                            .path("traffic")
                            .path("rate")
                            .asDouble())
                    .isPositive();
        });
        JsonNode overview = balancer.admin().get("/api/overview").json();
        assertThat(overview.path("state").asText()).isEqualTo("ready");
        assertThat(overview.path("registry").path("ok").asBoolean()).isTrue();
        assertThat(overview.path("services").path(0).path("name").asText()).isEqualTo("svc");
        assertThat(overview.path("services").path(0).path("inTrouble").asBoolean())
                .isFalse();
        assertThat(overview.path("services")
                        .path(0)
                        .path("upstreams")
                        .path(0)
                        .path("id")
                        .asText())
                .isEqualTo("a");
    }

    @Test
    void without_metrics_the_state_is_shown_and_no_traffic() throws Exception {
        balancer.instances("a");
        balancer.start("metrics=false");
        awaitReady(1);
        balancer.client().get("/x");

        JsonNode overview = balancer.admin().get("/api/overview").json();

        assertThat(overview.path("services")
                        .path(0)
                        .path("traffic")
                        .path("rate")
                        .isNull())
                .isTrue();
        assertThat(overview.path("services").path(0).path("ready").asInt()).isEqualTo(1);
    }

    @Test
    void a_query_that_makes_no_sense_is_refused_with_what_was_expected() throws Exception {
        balancer.start();

        for (String query : List.of("limit=201", "limit=x", "offset=-1", "only=some", "q=" + "x".repeat(201))) {
            for (String path : List.of("/api/overview?", "/api/live?")) {
                Reply refused = balancer.admin().get(path + query);
                assertThat(refused.status()).as(query).isEqualTo(400);
                assertThat(refused.json().path("error").asText()).contains("expected");
            }
        }
    }

    @Test
    void the_traffic_of_the_last_minutes_is_there_for_all_and_for_a_service() throws Exception {
        balancer.start();

        await().until(() ->
                !balancer.admin().get("/api/traffic").json().path("points").isEmpty());
        assertThat(balancer.admin().get("/api/traffic?service=svc").json().path("points"))
                .isNotEmpty();
        assertThat(balancer.admin().get("/api/traffic?service=other").status()).isEqualTo(404);
    }

    @Test
    void an_ejection_is_in_the_stream_with_its_reason_and_then_in_the_overview() throws Exception {
        balancer.instances("a", "b");
        listDead("dead");
        balancer.start();
        awaitReady(3);

        try (Events events = stream("")) {
            assertThat(events.next("overview", any -> true)
                            .json()
                            .path("services")
                            .path(0)
                            .path("ready")
                            .asInt())
                    .isEqualTo(3);
            for (int i = 0; i < 6; i++) {
                assertThat(balancer.client().get("/x").status()).isEqualTo(200);
            }

            JsonNode change =
                    events.next("change", data -> data.contains("ejected")).json();
            assertThat(change.path("id").asText()).isEqualTo("dead");
            assertThat(change.path("from").asText()).isEqualTo("ready");
            assertThat(change.path("to").asText()).isEqualTo("ejected");
            assertThat(change.path("reason").asText()).contains("could not be reached");
            JsonNode after = events.next("overview", any -> true).json();
            assertThat(after.path("services").path(0).path("ready").asInt()).isEqualTo(2);
            assertThat(after.path("services").path(0).path("why").asText()).isEqualTo("1 of 3 instances is ejected");
        }
    }

    @Test
    void a_client_that_comes_back_gets_the_changes_that_it_has_missed() throws Exception {
        balancer.instances("a");
        balancer.start();
        awaitReady(1);
        String last;
        try (Events events = stream("")) {
            events.next("overview", any -> true);
            balancer.instances("b");
            last = events.next("change", data -> data.contains("\"b\"")).id();
        }
        balancer.instances("c");
        awaitReady(3);

        try (Events events = stream("", "Last-Event-ID: " + last)) {
            assertThat(events.next("change", any -> true).json().path("id").asText())
                    .isEqualTo("c");
        }
    }

    @Test
    void a_stream_may_follow_another_request_on_its_connection() throws Exception {
        balancer.start();

        try (Wire client = Wire.to(balancer.adminPort())) {
            client.sendHead("GET /health/live HTTP/1.1", "Host: localhost");
            assertThat(client.readMessage().status()).isEqualTo(200);

            Events events = stream(client, "?limit=1");
            assertThat(events.next("overview", any -> true).json().path("total").asInt())
                    .isEqualTo(1);
            assertThat(events.next("overview", any -> true).json().path("total").asInt())
                    .isEqualTo(1);
        }
    }

    @Test
    void there_are_a_hundred_streams_at_most_and_one_that_ends_makes_room() throws Exception {
        balancer.start();
        List<Events> open = new ArrayList<>();
        try {
            for (int i = 0; i < LiveStreams.MOST; i++) {
                open.add(stream("?limit=1"));
            }
            Reply refused = balancer.admin().get("/api/live");
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.header("retry-after")).isNotNull();
            assertThat(refused.json().path("error").asText()).contains("100 streams are open", "close some pages");
            assertThat(balancer.admin().get("/api/overview").status())
                    .as("what a page can look at instead")
                    .isEqualTo(200);

            open.remove(0).close();

            await().ignoreExceptions().untilAsserted(() -> open.add(stream("?limit=1")));
        } finally {
            for (Events each : open) {
                each.close();
            }
        }
    }

    @Test
    void a_stream_ends_in_order_when_the_balancer_stops() throws Exception {
        balancer.start();
        try (Wire client = Wire.to(balancer.adminPort())) {
            stream(client, "").next("overview", any -> true);

            balancer.stop();

            String chunk = client.readChunk();
            while (!chunk.isEmpty()) {
                chunk = client.readChunk();
            }
            client.readLastLine();
            assertThat(client.ends()).isTrue();
        }
    }
}

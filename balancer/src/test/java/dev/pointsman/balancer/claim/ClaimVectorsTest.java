package dev.pointsman.balancer.claim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pointsman.balancer.claim.Announcements.Outcome;
import dev.pointsman.balancer.fabio.BadDocumentException;
import dev.pointsman.testkit.RoutingVector;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The shared cases of tags, of fabio's documents, and of fabio's rewriting and access, as far as it is all in the table. */
class ClaimVectorsTest {
    static Stream<RoutingVector> tags() {
        return RoutingVector.of("tags");
    }

    static Stream<RoutingVector> documents() {
        return RoutingVector.of("kv");
    }

    static Stream<RoutingVector> rewrites() {
        return RoutingVector.of("rewrite", "fabio");
    }

    static Stream<RoutingVector> accesses() {
        return RoutingVector.of("access", "fabio");
    }

    @ParameterizedTest
    @MethodSource("tags")
    void what_instances_announce_takes_requests(RoutingVector vector) {
        Announcements all = new Announcements();
        if (vector.mode().equals("native")) {
            all.withoutFabio();
        }
        for (JsonNode each : vector.input().path("services")) {
            all.instance(
                    each.path("id").asText(),
                    each.path("service").asText(),
                    texts(each.path("tags")).toArray(String[]::new));
        }

        Claims claims = all.read();

        check(vector, claims);
        assertThat(claims.problems().isEmpty())
                .isNotEqualTo(vector.expected().path("errors").asBoolean());
    }

    @ParameterizedTest
    @MethodSource("documents")
    void what_a_document_says_takes_requests(RoutingVector vector) {
        Announcements all = new Announcements();
        boolean refused = false;
        try {
            all.document(texts(vector.input().path("commands")).toArray(String[]::new));
        } catch (BadDocumentException bad) {
            refused = true;
        }

        assertThat(refused).isEqualTo(vector.expected().path("errors").asBoolean());
        check(vector, all.read());
    }

    @ParameterizedTest
    @MethodSource("rewrites")
    void a_path_is_rewritten_as_by_fabio(RoutingVector vector) {
        JsonNode options = vector.input().path("options");
        StringBuilder tag =
                new StringBuilder("urlprefix-" + vector.input().path("route").asText());
        options.properties().forEach(option -> {
            JsonNode value = option.getValue();
            tag.append(' ').append(option.getKey()).append('=');
            tag.append(
                    value.isArray()
                            ? value.path(0).asText() + "," + value.path(1).asText()
                            : value.asText());
        });

        Claims claims = new Announcements()
                .instance("192.0.2.1:80", "web", tag.toString())
                .read();

        assertThat(claims.problems()).isEmpty();
        check(vector, claims);
        if (vector.expected().path("host").asText().equals("dst")) {
            assertThat(outcome(vector, claims).route().options().host()).isEqualTo("instance");
        }
    }

    @ParameterizedTest
    @MethodSource("accesses")
    void a_request_is_let_in_as_by_fabio(RoutingVector vector) {
        String tag = "urlprefix-/"
                + option("allow", texts(vector.input().path("allow")))
                + option("deny", texts(vector.input().path("deny")));
        Claims claims = new Announcements().instance("192.0.2.1:80", "web", tag).read();
        String way = vector.input().path("xff").asText();
        var filters = claims.routes().get(0).options().filters();
        var access = filters == null ? null : filters.access();

        boolean allowed =
                access == null || access.allows("127.0.0.1", "127.0.0.1", way.isEmpty() ? List.of() : List.of(way));

        assertThat(allowed).isEqualTo(vector.expected().path("allowed").asBoolean());
    }

    private static String option(String name, List<String> values) {
        return values.isEmpty() ? "" : " " + name + "=" + String.join(",", values);
    }

    private static Outcome outcome(RoutingVector vector, Claims claims) {
        JsonNode request = vector.input().path("request");
        return Announcements.get(
                claims, request.path("host").asText(), request.path("path").asText());
    }

    private static void check(RoutingVector vector, Claims claims) {
        Outcome outcome = outcome(vector, claims);
        JsonNode expected = vector.expected();
        int status = expected.path("status").asInt(200);
        if (status == 404) {
            assertThat(outcome.found()).isNull();
        } else if (status != 200) {
            assertThat(outcome.redirect().status()).isEqualTo(status);
            assertThat(outcome.location()).isEqualTo(expected.path("location").asText());
            assertThat(outcome.route().branches()).isEmpty();
        }
        if (expected.has("target")) {
            assertThat(outcome.shares())
                    .containsOnlyKeys(expected.path("target").asText());
        }
        if (expected.has("path")) {
            assertThat(outcome.paths()).containsExactly(expected.path("path").asText());
        }
        expected.path("shares").properties().forEach(share -> assertThat(
                        outcome.shares().get(share.getKey()))
                .isCloseTo(share.getValue().asDouble(), within(0.001)));
    }

    private static List<String> texts(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }
}

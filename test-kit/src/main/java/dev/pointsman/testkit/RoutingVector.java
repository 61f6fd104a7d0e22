package dev.pointsman.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A case of routing as data: what is given, and what has to come of it. The files are resources of this module in {@code
 * vectors}; their README says what {@code input} and {@code expected} hold in each kind.
 *
 * @param id unique over all kinds, such as {@code matching-f-01}
 * @param mode {@code native} for our rules, {@code fabio} for those of fabio's language
 * @param input what is given
 * @param expected what has to come of it
 * @param why the rule in one line
 */
public record RoutingVector(String id, String mode, JsonNode input, JsonNode expected, String why) {
    /** The vectors of one kind, in the order of their file. */
    public static Stream<RoutingVector> of(String kind) {
        String file = "/vectors/" + kind + ".json";
        try (InputStream stream = RoutingVector.class.getResourceAsStream(file)) {
            if (stream == null) {
                throw new IllegalArgumentException("no such resource: " + file);
            }
            List<RoutingVector> vectors = new ArrayList<>();
            new ObjectMapper().readTree(stream).forEach(each -> vectors.add(read(each)));
            return vectors.stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The vectors of one kind and one mode, in the order of their file. */
    public static Stream<RoutingVector> of(String kind, String mode) {
        return of(kind).filter(vector -> vector.mode().equals(mode));
    }

    /** Names the vector in the report of a parameterised test. */
    @Override
    public String toString() {
        return id + ": " + why;
    }

    private static RoutingVector read(JsonNode node) {
        return new RoutingVector(
                node.path("id").asText(),
                node.path("mode").asText(),
                node.path("input"),
                node.path("expected"),
                node.path("why").asText());
    }
}

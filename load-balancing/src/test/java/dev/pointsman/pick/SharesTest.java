package dev.pointsman.pick;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pointsman.pool.Attempt;
import dev.pointsman.pool.Outcome;
import dev.pointsman.pool.RequestFacts;
import dev.pointsman.testkit.RoutingVector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The default policy's shares of as few as a hundred requests, however many of them are in flight at a time. */
class SharesTest {
    private static final int REQUESTS = 100;
    private static final double TOLERANCE = 0.06;
    private static final int[] CONNECTIONS = {1, 2, 5, 16, REQUESTS};

    static Stream<RoutingVector> vectors() {
        return RoutingVector.of("weights", "native");
    }

    /** Weights as an operator writes them, as fabio's slots are, and some that are hard to lay out. */
    static Stream<int[]> weights() {
        return Stream.of(
                new int[] {10_000, 1},
                new int[] {3333, 6667},
                new int[] {3334, 3333, 3333},
                new int[] {2000, 4000, 4000},
                new int[] {9500, 500},
                new int[] {9900, 100},
                new int[] {65_535, 65_534, 1},
                new int[] {1, 2, 3, 4, 5},
                new int[] {7, 11, 13, 17},
                new int[] {95, 5, 0},
                new int[] {0, 1},
                IntStream.rangeClosed(1, 100).toArray());
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void each_vector_has_its_shares(RoutingVector vector) {
        JsonNode targets = vector.input().path("targets");
        int[] weights = IntStream.range(0, targets.size())
                .map(i -> targets.get(i).path("weight").asInt(1))
                .toArray();

        for (int connections : CONNECTIONS) {
            Map<String, Double> shares = shares(connections, weights);
            for (int i = 0; i < weights.length; i++) {
                String id = targets.get(i).path("id").asText();
                assertThat(shares.getOrDefault("a" + i, 0.0))
                        .as("%s, %d connections", id, connections)
                        .isCloseTo(vector.expected().path("shares").path(id).asDouble(), within(TOLERANCE));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("weights")
    void shares_are_as_the_weights_say(int... weights) {
        double sum = Arrays.stream(weights).sum();

        for (int connections : CONNECTIONS) {
            Map<String, Double> shares = shares(connections, weights);
            for (int i = 0; i < weights.length; i++) {
                assertThat(shares.getOrDefault("a" + i, 0.0))
                        .as("weight %d of %.0f, %d connections", weights[i], sum, connections)
                        .isCloseTo(weights[i] / sum, within(TOLERANCE));
            }
        }
    }

    @Test
    void shares_stay_right_when_an_instance_joins_in_the_middle() {
        Picking picking =
                Picking.weighted(Policy.DEFAULT.make(new PolicyInputs(() -> 1, "a secret of some length")), 3, 1);
        picking.picks(37);
        picking.weights(3, 1, 4);

        assertThat(picking.counts(REQUESTS).get("a2")).isBetween(44, 56);
    }

    /** The shares of a hundred requests over so many connections, each with one request in flight at a time. */
    private static Map<String, Double> shares(int connections, int... weights) {
        Picking picking =
                Picking.weighted(Policy.DEFAULT.make(new PolicyInputs(() -> 1, "a secret of some length")), weights);
        SplittableRandom times = new SplittableRandom(connections);
        PriorityQueue<InFlight> inFlight = new PriorityQueue<>(Comparator.comparingDouble(InFlight::ends));
        List<String> went = new ArrayList<>();
        double now = 0;
        while (went.size() < REQUESTS) {
            if (inFlight.size() == connections) {
                InFlight next = inFlight.remove();
                now = next.ends();
                next.attempt().end(Outcome.RESPONDED);
            }
            Attempt attempt = Objects.requireNonNull(
                    picking.pool.snapshot().begin(List.of(), RequestFacts.NONE, false), "no upstream was picked");
            went.add(attempt.upstream().key().id());
            inFlight.add(new InFlight(attempt, now + 0.5 + times.nextDouble()));
        }
        Map<String, Double> shares = new TreeMap<>();
        Picking.countsOf(went).forEach((id, count) -> shares.put(id, count / (double) REQUESTS));
        return shares;
    }

    private record InFlight(Attempt attempt, double ends) {}
}

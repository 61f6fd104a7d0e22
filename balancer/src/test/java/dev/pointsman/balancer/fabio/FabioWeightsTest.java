package dev.pointsman.balancer.fabio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pointsman.testkit.RoutingVector;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FabioWeightsTest {
    static Stream<RoutingVector> vectors() {
        return RoutingVector.of("weights", "fabio");
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void destinations_get_the_shares_that_fabio_gives_them(RoutingVector vector) {
        JsonNode targets = vector.input().path("targets");
        double[] weights = IntStream.range(0, targets.size())
                .mapToDouble(i -> targets.get(i).path("weight").asDouble(0))
                .toArray();

        int[] slots = FabioWeights.slots(weights);

        double sum = IntStream.of(slots).sum();
        for (int i = 0; i < slots.length; i++) {
            double expected = vector.expected()
                    .path("shares")
                    .path(targets.get(i).path("id").asText())
                    .asDouble();
            assertThat(slots[i] / sum).isCloseTo(expected, within(0.001));
            assertThat(FabioWeights.shares(weights)[i]).isCloseTo(expected, within(1e-9));
        }
    }

    @Test
    void slots_are_said_in_the_least_terms() {
        assertThat(FabioWeights.slots(new double[] {0.2, 0, 0})).containsExactly(1, 2, 2);
        assertThat(FabioWeights.slots(new double[] {0.29, 0})).containsExactly(29, 71);
        assertThat(FabioWeights.slots(new double[] {0, 0, 0})).containsExactly(1, 1, 1);
    }

    @Test
    void the_smallest_share_is_one_of_ten_thousand() {
        assertThat(FabioWeights.slots(new double[] {0.000001, 0})).containsExactly(1, 9999);
        assertThat(FabioWeights.slots(new double[] {1, 0})).containsExactly(1, 0);
    }

    @Test
    void a_weight_is_a_decimal_number() {
        assertThat(Stream.of("0.2", ".5", "1", "1.", "-1", "+0.1", "1e-3", "").map(FabioWeights::parse))
                .containsExactly(0.2, 0.5, 1.0, 1.0, -1.0, 0.1, 0.001, 0.0);
        assertThat(Stream.of("much", "0,2", "NaN", "Infinity", "0x1p3", "1d", "1e999", "50%", ".", "--1"))
                .allSatisfy(text -> assertThat(FabioWeights.parse(text)).isNull());
    }
}

package dev.pointsman.balancer.downstream.http1;

import static dev.pointsman.balancer.downstream.http1.ReceivingState.BODY;
import static dev.pointsman.balancer.downstream.http1.ReceivingState.ENDED;
import static dev.pointsman.balancer.downstream.http1.ReceivingState.HEAD;
import static dev.pointsman.balancer.downstream.http1.ReceivingState.LAST_BODY;
import static dev.pointsman.balancer.downstream.http1.ReceivingState.LINGERING;
import static dev.pointsman.balancer.downstream.http1.ReceivingState.MALFORMED;
import static dev.pointsman.balancer.downstream.http1.ReceivingState.REJECTED;
import static dev.pointsman.balancer.downstream.http1.ReceivingState.RESET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The ways between the states of a client's connection. */
class ReceivingStateTest {
    private static final Map<ReceivingState, Set<ReceivingState>> WAYS = new EnumMap<>(Map.of(
            HEAD, EnumSet.of(BODY, LAST_BODY, ENDED, REJECTED, LINGERING, RESET),
            BODY, EnumSet.of(HEAD, LAST_BODY, MALFORMED, LINGERING, RESET),
            LAST_BODY, EnumSet.of(ENDED, MALFORMED, LINGERING, RESET),
            ENDED, EnumSet.of(REJECTED, LINGERING, RESET),
            MALFORMED, EnumSet.of(LINGERING, RESET),
            REJECTED, EnumSet.of(LINGERING, RESET),
            LINGERING, EnumSet.of(RESET),
            RESET, EnumSet.of(RESET)));

    @Test
    void the_ways_of_the_drawing_are_possible_and_no_others() {
        for (ReceivingState from : ReceivingState.values()) {
            for (ReceivingState to : ReceivingState.values()) {
                if (WAYS.getOrDefault(from, Set.of()).contains(to)) {
                    assertThat(from.to(to)).isSameAs(to);
                } else {
                    assertThatIllegalStateException()
                            .as("%s to %s", from, to)
                            .isThrownBy(() -> from.to(to))
                            .withMessageContaining(from.name());
                }
            }
        }
    }

    @Test
    void a_connection_responds_to_any_request_then_to_the_last_then_to_none() {
        assertThat(RespondingState.ANY.to(RespondingState.LAST).to(RespondingState.NONE))
                .isSameAs(RespondingState.NONE);
        for (RespondingState from : RespondingState.values()) {
            assertThatIllegalStateException().isThrownBy(() -> from.to(from));
            assertThatIllegalStateException().isThrownBy(() -> from.to(RespondingState.ANY));
        }
    }
}

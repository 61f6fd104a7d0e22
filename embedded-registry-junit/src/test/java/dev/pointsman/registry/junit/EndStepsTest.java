package dev.pointsman.registry.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EndStepsTest {
    private final List<String> ended = new ArrayList<>();
    private final EndSteps steps = new EndSteps();

    @Test
    void a_step_that_fails_keeps_none_of_the_others_from_being_taken() {
        AssertionError second = new AssertionError("second");
        steps.take(() -> {
                    throw new IllegalArgumentException("first");
                })
                .take(() -> ended.add("one"))
                .take(() -> {
                    throw second;
                })
                .take(() -> ended.add("other"));

        assertThat(ended).containsExactly("one", "other");
        assertThatIllegalStateException()
                .isThrownBy(() -> steps.finish("it did not end"))
                .withMessage("it did not end: first")
                .withCauseInstanceOf(IllegalArgumentException.class)
                .satisfies(e -> assertThat(e.getSuppressed()).containsExactly(second));
    }

    @Test
    void without_a_failure_nothing_is_thrown() {
        steps.take(() -> ended.add("one")).finish("it did not end");
        assertThat(ended).containsExactly("one");
    }
}

package dev.pointsman.docs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AnchorsTest {
    private final Anchors anchors = new Anchors();

    @Test
    void punctuation_goes_and_blanks_are_hyphens() {
        assertThat(anchors.of("Running instances: pointsman run")).isEqualTo("running-instances-pointsman-run");
        assertThat(anchors.of("strip-prefix, add-prefix")).isEqualTo("strip-prefix-add-prefix");
        assertThat(anchors.of("What it's for (all_of it) & more")).isEqualTo("what-its-for-all_of-it--more");
    }

    @Test
    void a_heading_that_was_there_before_gets_a_number() {
        assertThat(anchors.of("Options")).isEqualTo("options");
        assertThat(anchors.of("Options")).isEqualTo("options-1");
        assertThat(anchors.of("options")).isEqualTo("options-2");
    }
}

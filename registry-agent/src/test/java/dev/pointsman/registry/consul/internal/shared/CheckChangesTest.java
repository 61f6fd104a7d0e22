package dev.pointsman.registry.consul.internal.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class CheckChangesTest {
    private static final CheckKey A = new CheckKey("n1", "api", "a");
    private static final CheckKey B = new CheckKey("n1", "api", "b");

    private final CheckChanges changes = new CheckChanges();

    @Test
    void a_changed_check_explains_the_catalog_up_to_its_own_index_and_not_to_that_of_the_list() {
        changes.update(Map.of(A, 5L), 5);
        assertThat(changes.update(Map.of(A, 7L), 9)).containsExactly(A);
        assertThat(changes.explain(7)).isTrue();
        assertThat(changes.explain(8)).isFalse();
    }

    @Test
    void a_check_that_is_gone_explains_up_to_the_index_of_the_list() {
        changes.update(Map.of(A, 5L, B, 5L), 5);
        assertThat(changes.update(Map.of(A, 5L), 9)).containsExactly(B);
        assertThat(changes.explain(9)).isTrue();
    }

    @Test
    void a_list_without_a_change_explains_nothing_new() {
        changes.update(Map.of(A, 5L), 5);
        assertThat(changes.update(Map.of(A, 5L), 9)).isEmpty();
        assertThat(changes.explain(6)).isFalse();
    }

    @Test
    void a_consul_that_lost_its_state_explains_anew_from_a_lower_index() {
        changes.update(Map.of(A, 500L), 500);
        changes.allQueriedAt(13);
        assertThat(changes.explain(13)).isTrue();
        assertThat(changes.explain(14)).isFalse();
    }

    @Test
    void indexes_are_unsigned() {
        changes.explainUpTo(-1);
        changes.explainUpTo(5);
        assertThat(changes.explain(-1)).isTrue();
    }
}

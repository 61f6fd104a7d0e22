package dev.pointsman.registry.consul.internal.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class CheckChangesTest {
    private static final CheckScope API = new CheckScope("api", "");
    private static final CheckScope NODE = new CheckScope("", "n1");

    private final CheckChanges changes = new CheckChanges();

    /** Checks a, b and on of one node, with these indexes; 0 for none. */
    private static CheckDigest checks(long... indexes) {
        CheckDigest digest = CheckDigest.NONE;
        for (int n = 0; n < indexes.length; n++) {
            digest = indexes[n] == 0 ? digest : digest.plus("n1", String.valueOf((char) ('a' + n)), indexes[n]);
        }
        return digest;
    }

    @Test
    void a_changed_check_explains_the_catalog_up_to_its_own_index_and_not_to_that_of_the_list() {
        assertThat(changes.update(Map.of(API, checks(5)), 5)).isEqualTo(Map.of(API, 5L));
        assertThat(changes.update(Map.of(API, checks(7)), 9)).isEqualTo(Map.of(API, 7L));
    }

    @Test
    void a_check_that_is_gone_explains_up_to_the_index_of_the_list() {
        changes.update(Map.of(API, checks(5, 5), NODE, checks(3)), 5);
        assertThat(changes.update(Map.of(API, checks(5)), 9)).isEqualTo(Map.of(API, 9L, NODE, 9L));
    }

    @Test
    void a_check_in_place_of_another_with_the_same_index_is_a_change() {
        changes.update(Map.of(API, checks(5)), 5);
        assertThat(changes.update(Map.of(API, checks(0, 5)), 9)).isEqualTo(Map.of(API, 9L));
    }

    @Test
    void a_list_with_the_same_checks_in_another_order_has_no_change() {
        changes.update(Map.of(API, checks(5, 6)), 6);
        CheckDigest turned = CheckDigest.NONE.plus("n1", "b", 6).plus("n1", "a", 5);
        assertThat(changes.update(Map.of(API, turned), 9)).isEmpty();
    }

    @Test
    void the_index_up_to_which_all_is_explained_only_grows_but_for_a_consul_that_lost_its_state() {
        ExplainedIndex explained = new ExplainedIndex();
        explained.explainUpTo(500);
        explained.explainUpTo(400);
        assertThat(explained.explains(500)).isTrue();
        explained.allQueriedAt(13);
        assertThat(explained.explains(13)).isTrue();
        assertThat(explained.explains(14)).isFalse();
    }

    @Test
    void indexes_are_unsigned() {
        ExplainedIndex explained = new ExplainedIndex();
        explained.explainUpTo(-1);
        explained.explainUpTo(5);
        assertThat(explained.explains(-1)).isTrue();
        assertThat(checks(5, -1, 6).newest()).isEqualTo(-1);
    }
}

package dev.pointsman.registry.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KvStoreTest {
    private final Set<Topic> woken = new HashSet<>();
    private final Indexes indexes = new Indexes(10, woken::addAll);
    private final KvStore store = new KvStore(indexes);

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void a_key_keeps_when_it_was_created_and_learns_when_it_was_changed() {
        store.put("a", bytes("1"), 0);
        store.put("a", bytes("2"), 7);

        KvStore.KeyValue entry = Objects.requireNonNull(store.get("a"));
        assertThat(entry.createIndex()).isEqualTo(11);
        assertThat(entry.modifyIndex()).isEqualTo(12);
        assertThat(entry.flags()).isEqualTo(7);
    }

    @Test
    void writing_the_same_again_wakes_no_query() {
        store.put("a", bytes("1"), 0);
        woken.clear();

        store.put("a", bytes("1"), 0);

        assertThat(woken).isEmpty();
        assertThat(indexes.current()).isEqualTo(11);
    }

    @Test
    void a_prefix_has_the_newest_index_of_its_keys_the_deleted_ones_included() {
        store.put("app/a", bytes("1"), 0);
        store.put("app/b", bytes("1"), 0);
        store.put("other", bytes("1"), 0);
        assertThat(indexes.of(Topic.keyPrefix("app/"))).isEqualTo(12);

        store.delete("app/a");

        assertThat(indexes.of(Topic.keyPrefix("app/"))).isEqualTo(14);
        assertThat(indexes.of(Topic.keyPrefix("nothing"))).isEqualTo(10);
    }

    @Test
    void deleting_a_prefix_is_one_step_that_wakes_for_every_key_of_it() {
        store.put("app/a", bytes("1"), 0);
        store.put("app/b", bytes("1"), 0);
        store.put("apq", bytes("1"), 0);
        woken.clear();
        long before = indexes.current();

        store.deletePrefix("app/");

        assertThat(indexes.current()).isEqualTo(before + 1);
        assertThat(woken).containsExactlyInAnyOrder(Topic.key("app/a"), Topic.key("app/b"));
        assertThat(store.withPrefix("")).extracting(KvStore.KeyValue::key).containsExactly("apq");
    }

    @Test
    void a_lock_is_held_by_one_session_until_it_is_released_or_the_session_ends() {
        assertThat(store.acquire("lock", bytes("1"), 0, "s1")).isTrue();
        assertThat(store.acquire("lock", bytes("2"), 0, "s2")).isFalse();
        assertThat(store.release("lock", bytes("1"), 0, "s2")).isFalse();
        assertThat(store.release("lock", bytes("1"), 0, "s1")).isTrue();
        assertThat(store.acquire("lock", bytes("2"), 0, "s2")).isTrue();

        store.endSession("s2", false);

        KvStore.KeyValue entry = Objects.requireNonNull(store.get("lock"));
        assertThat(entry.session()).isEmpty();
        assertThat(entry.lockIndex()).isEqualTo(2);
    }

    @Test
    void a_session_may_take_its_keys_with_it() {
        store.acquire("lock", bytes("1"), 0, "s1");

        store.endSession("s1", true);

        assertThat(store.get("lock")).isNull();
    }
}

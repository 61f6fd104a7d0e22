package dev.pointsman.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.canary.CanaryState;
import dev.pointsman.canary.CanaryState.CanaryAbort;
import dev.pointsman.registry.Following;
import dev.pointsman.registry.KeyValueStore;
import dev.pointsman.registry.KvEntry;
import dev.pointsman.registry.KvView;
import dev.pointsman.registry.RegistryException;
import dev.pointsman.registry.WatchStatus;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What balancers write into one key, and read there. */
class KvCanaryAgreementTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private final Store store = new Store();
    private final Deque<Runnable> later = new ArrayDeque<>();
    private final KvCanaryAgreement agreement =
            new KvCanaryAgreement(() -> store, "canaries", (time, task) -> later.add(task));

    private static CanaryState seen(int step, @Nullable CanaryAbort aborted) {
        return new CanaryState(0, NOON, step, NOON, aborted);
    }

    private static final CanaryAbort ABORTED = new CanaryAbort(NOON.plusSeconds(9), "5 % of its 200 requests failed");

    @Test
    void what_one_balancer_proposes_another_one_hears() {
        List<Map<String, CanaryState>> heard = new ArrayList<>();
        agreement.follow("web", heard::add);

        agreement.propose("web", Map.of("v2", seen(2, ABORTED)));

        assertThat(heard).containsExactly(Map.of(), Map.of("v2", seen(2, ABORTED)));
        assertThat(store.text("canaries/web")).contains("\"step\" : 3", "5 % of its 200 requests failed");
    }

    @Test
    void a_state_is_joined_with_what_others_have_written() {
        agreement.propose("web", Map.of("v2", seen(0, ABORTED), "v3", seen(1, null)));
        agreement.propose("web", Map.of("v2", seen(4, null)));

        List<Map<String, CanaryState>> heard = new ArrayList<>();
        agreement.follow("web", heard::add);
        assertThat(heard).containsExactly(Map.of("v2", seen(4, ABORTED), "v3", seen(1, null)));
    }

    @Test
    void what_is_agreed_already_is_not_written_again() {
        agreement.propose("web", Map.of("v2", seen(0, null)));
        long written = store.index;

        agreement.propose("web", Map.of("v2", seen(0, null)));

        assertThat(store.index).isEqualTo(written);
    }

    @Test
    void a_write_that_comes_second_is_tried_again_with_what_the_first_one_wrote() {
        store.beforeWrite =
                () -> store.write("canaries/web", CanaryDocument.write(Map.of("v9", seen(0, null)), Set.of()));

        agreement.propose("web", Map.of("v2", seen(0, null)));
        assertThat(store.text("canaries/web")).doesNotContain("v2");
        later.remove().run();

        assertThat(store.text("canaries/web")).contains("v2", "v9");
    }

    @Test
    void what_cannot_be_written_is_written_when_the_registry_is_back() {
        store.fails = true;
        agreement.propose("web", Map.of("v2", seen(0, null)));
        agreement.propose("web", Map.of("v2", seen(1, null)));
        assertThat(later).hasSize(1);

        store.fails = false;
        later.remove().run();

        assertThat(store.text("canaries/web")).contains("\"step\" : 2");
        assertThat(later).isEmpty();
    }

    @Test
    void a_key_with_something_else_in_it_counts_as_empty_and_a_target_of_any_name_has_a_key() {
        store.write("canaries/web", "no json".getBytes(StandardCharsets.UTF_8));
        agreement.propose("web", Map.of("v2", seen(0, null)));
        agreement.propose("..", Map.of("v2", seen(0, null)));
        agreement.propose("a/b c", Map.of("v2", seen(0, null)));

        assertThat(CanaryDocument.read(store.text("canaries/web"))).hasValue(Map.of("v2", seen(0, null)));
        assertThat(store.entries.keySet())
                .containsExactlyInAnyOrder("canaries/web", "canaries/%2E.", "canaries/a%2Fb%20c");
        assertThat(CanaryDocument.read("{\"v2\": 5}")).isEmpty();
        assertThat(CanaryDocument.read("{\"v2\": {}}")).isEmpty();
    }

    /** A registry's keys in memory. */
    private static final class Store implements KeyValueStore {
        final Map<String, KvEntry> entries = new TreeMap<>();
        final Map<String, Consumer<KvView>> listeners = new TreeMap<>();
        long index;
        boolean fails;

        @Nullable
        Runnable beforeWrite;

        String text(String key) {
            return Optional.ofNullable(entries.get(key)).flatMap(KvEntry::text).orElse("");
        }

        void write(String key, byte[] value) {
            entries.put(key, new KvEntry(key, value, ++index));
            Optional.ofNullable(listeners.get(key)).ifPresent(listener -> listener.accept(view(key)));
        }

        private KvView view(String key) {
            KvEntry entry = entries.get(key);
            return new KvView(key, entry == null ? List.of() : List.of(entry));
        }

        @Override
        public Following<KvView> watchPrefix(String prefix, Consumer<KvView> listener) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Following<KvView> watchKey(String key, Consumer<KvView> listener) {
            listeners.put(key, listener);
            listener.accept(view(key));
            return new Following<>() {
                @Override
                public CompletionStage<KvView> firstView() {
                    return CompletableFuture.completedStage(view(key));
                }

                @Override
                public WatchStatus status() {
                    throw new UnsupportedOperationException();
                }

                @Override
                public void close() {
                    listeners.remove(key);
                }
            };
        }

        @Override
        public CompletionStage<Optional<KvEntry>> get(String key) {
            return fails
                    ? CompletableFuture.failedStage(
                            new RegistryException(RegistryException.Kind.UNREACHABLE, "no leader"))
                    : CompletableFuture.completedStage(Optional.ofNullable(entries.get(key)));
        }

        @Override
        public CompletionStage<Void> put(String key, byte[] value) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<Boolean> putIf(String key, byte[] value, long modifyIndex) {
            Runnable before = beforeWrite;
            beforeWrite = null;
            if (before != null) {
                before.run();
            }
            KvEntry entry = entries.get(key);
            boolean same = (entry == null ? 0 : entry.modifyIndex()) == modifyIndex;
            if (same) {
                write(key, value);
            }
            return CompletableFuture.completedStage(same);
        }

        @Override
        public CompletionStage<Boolean> deleteIf(String key, long modifyIndex) {
            throw new UnsupportedOperationException();
        }
    }
}

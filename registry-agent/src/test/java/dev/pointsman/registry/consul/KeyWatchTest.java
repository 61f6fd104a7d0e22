package dev.pointsman.registry.consul;

import static dev.pointsman.registry.consul.Recorded.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pointsman.registry.Following;
import dev.pointsman.registry.KvEntry;
import dev.pointsman.registry.KvView;
import dev.pointsman.registry.consul.ScriptedConsul.Trouble;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rows of docs/registry-trouble.md about keys. */
@Timeout(120)
class KeyWatchTest {
    private final Vertx vertx = Vertx.vertx();
    private final ScriptedConsul consul = new ScriptedConsul();
    private final ScriptedKeys keys = new ScriptedKeys(consul, "app/");
    private final Recorded<KvView> views = new Recorded<>();
    private final ConsulRegistry registry = HurriedRegistry.withShortPauses(
            vertx,
            consul.address(),
            new ConsulWatchOptions(Duration.ofSeconds(30), ConsulWatchOptions.WHILE_ANSWERING));

    @AfterEach
    void close() {
        registry.close();
        vertx.close().await();
        consul.close();
    }

    private Following<KvView> follow() {
        return registry.keyValues().watchPrefix("app/", views);
    }

    private static Map<String, String> texts(KvView view) {
        return view.entries().stream()
                .collect(Collectors.toMap(KvEntry::key, entry -> entry.text().orElse("(binary)")));
    }

    private void awaitTexts(Map<String, String> texts) {
        views.awaitView(view -> texts(view).equals(texts));
    }

    private void awaitBlocked() {
        await().until(() -> consul.blocked().equals(List.of(keys.path())));
    }

    private Following<KvView> followTwo() {
        keys.put("app/a", "1");
        keys.put("app/b", "2");
        Following<KvView> watch = follow();
        awaitTexts(Map.of("app/a", "1", "app/b", "2"));
        awaitBlocked();
        return watch;
    }

    @Test
    void the_keys_under_a_prefix_are_followed_through_every_change() {
        Following<KvView> watch = follow();
        awaitTexts(Map.of());
        assertThat(watch.firstView()).succeedsWithin(Duration.ofSeconds(10));
        keys.put("app/b", "1");
        keys.put("app/a", "");
        awaitTexts(Map.of("app/a", "", "app/b", "1"));
        assertThat(views.last().entries()).extracting(KvEntry::key).containsExactly("app/a", "app/b");
        assertThat(views.last().get("app/b").orElseThrow().modifyIndex()).isEqualTo(51);
        keys.delete("app/b");
        awaitTexts(Map.of("app/a", ""));
        keys.put("app/b", "2");
        awaitTexts(Map.of("app/a", "", "app/b", "2"));
        keys.delete("app/a");
        keys.delete("app/b");
        awaitTexts(Map.of());
        assertThat(watch.status().lastError()).isNull();
    }

    @Test
    void the_leader_is_asked_and_no_server_that_may_know_less() {
        follow();
        awaitTexts(Map.of());
        awaitBlocked();
        assertThat(consul.requests())
                .filteredOn(request -> request.startsWith(keys.path() + "?recurse&index="))
                .isNotEmpty()
                .noneMatch(request -> request.contains("stale"));
    }

    @Test
    void a_response_without_a_difference_is_not_passed_on() {
        followTwo();
        int before = views.all().size();
        consul.list(
                keys.path(),
                99,
                "[{'Key':'app/a','Value':'MQ==','ModifyIndex':51},{'Key':'app/b','Value':'Mg==','ModifyIndex':52}]");
        awaitBlocked();
        await().until(() -> consul.requests().stream().anyMatch(request -> request.contains("index=99&")));
        assertThat(views.all()).hasSize(before);
    }

    @Test
    void one_key_is_followed_and_its_neighbours_are_not() {
        ScriptedKeys one = new ScriptedKeys(consul, "app/a");
        registry.keyValues().watchKey("/app/a", views);
        awaitTexts(Map.of());
        one.put("app/a", "1");
        awaitTexts(Map.of("app/a", "1"));
        one.delete("app/a");
        awaitTexts(Map.of());
        assertThat(consul.requests()).noneMatch(request -> request.contains("recurse"));
    }

    @ParameterizedTest
    @EnumSource(
            value = Trouble.class,
            names = {"SILENT", "HALTED_IN_THE_BODY", "NOT_FOUND"},
            mode = EnumSource.Mode.EXCLUDE)
    void in_every_trouble_the_last_view_stays_and_afterwards_the_truth_is_found_again(Trouble trouble) {
        Following<KvView> watch = followTwo();
        int before = views.all().size();
        consul.begin(trouble);
        await().until(() -> watch.status().failures() >= 3);
        assertThat(watch.status().lastError()).contains(keys.path());
        assertThat(watch.status().index()).isEqualTo(52);
        assertThat(views.all()).hasSize(before);

        keys.delete("app/a");
        keys.put("app/c", "3");
        consul.endTrouble();
        awaitTexts(Map.of("app/b", "2", "app/c", "3"));
        await().until(() -> watch.status().failures() == 0);
        assertThat(watch.status().lastError()).isNull();
    }

    @Test
    void a_consul_that_lost_its_data_takes_no_key_away_until_one_is_written() {
        Following<KvView> watch = followTwo();
        keys.forget(3);
        await().until(() -> String.valueOf(watch.status().lastError()).contains("Consul lost its data"));
        assertThat(texts(views.last())).containsOnlyKeys("app/a", "app/b");
        // An index that goes on does not make it more credible.
        consul.list(keys.path(), 4, "[]");
        awaitBlocked();
        assertThat(texts(views.last())).containsOnlyKeys("app/a", "app/b");
        keys.put("app/b", "3");
        awaitTexts(Map.of("app/b", "3"));
        await().until(() -> watch.status().lastError() == null);
    }

    @Test
    void a_restored_state_is_believed_though_its_index_is_a_lower_one() {
        followTwo();
        keys.restore(3, "app/b", "old");
        awaitTexts(Map.of("app/b", "old"));
    }

    @Test
    void a_leader_that_begins_and_knows_less_takes_nothing_back() {
        Following<KvView> watch = followTwo();
        int before = views.all().size();
        keys.listAlone(51, "app/a", "0");
        await().until(() -> String.valueOf(watch.status().lastError()).contains("read by itself"));
        assertThat(views.all()).hasSize(before);
        keys.put("app/b", "3");
        awaitTexts(Map.of("app/a", "1", "app/b", "3"));
    }

    @Test
    void what_a_server_without_contact_to_its_leader_says_takes_nothing_back() {
        Following<KvView> watch = followTwo();
        consul.cutOffFor(60_000);
        keys.listAlone(51, "app/a", "0");
        await().until(() -> String.valueOf(watch.status().lastError()).contains("cut off from its leader"));
        assertThat(texts(views.last())).isEqualTo(Map.of("app/a", "1", "app/b", "2"));
        consul.cutOffFor(0);
        keys.delete("app/a");
        awaitTexts(Map.of("app/b", "2"));
    }

    @Test
    void a_token_that_loses_its_rights_costs_no_key_and_the_right_is_named() {
        Following<KvView> watch = followTwo();
        int before = views.all().size();
        consul.refuse(true, ScriptedKeys.path("app/a"), ScriptedKeys.path("app/b"));
        consul.list(keys.path(), 53, "[]");
        await().until(() -> watch.status().failures() >= 2);
        assertThat(watch.status().lastError())
                .contains("403 Permission denied", "key_prefix \"app/\" { policy = \"read\" }");
        assertThat(views.all()).hasSize(before);

        consul.refuse(false, ScriptedKeys.path("app/a"), ScriptedKeys.path("app/b"));
        keys.put("app/b", "3");
        keys.put("app/b", "4");
        awaitTexts(Map.of("app/a", "1", "app/b", "4"));
    }

    @Test
    void one_key_that_may_not_be_read_any_more_stays() {
        Following<KvView> watch = followTwo();
        consul.refuse(true, ScriptedKeys.path("app/a"));
        keys.put("app/b", "3");
        awaitTexts(Map.of("app/a", "1", "app/b", "3"));
        awaitBlocked();
        keys.hideFromList("app/a");
        await().until(() -> watch.status().failures() >= 2);
        assertThat(texts(views.last())).containsKey("app/a");
    }

    @Test
    void a_token_without_rights_from_the_start_gives_no_view_and_is_named() {
        consul.refuse(true, keys.path());
        Following<KvView> watch = follow();
        await().until(() -> watch.status().failures() >= 2);
        assertThat(watch.status().lastError()).contains("key_prefix \"app/\" { policy = \"read\" }");
        assertThat(views.all()).isEmpty();
        assertThat(watch.firstView().toCompletableFuture()).isNotDone();
    }

    @Test
    void a_listener_that_throws_hears_the_next_view_all_the_same() {
        Following<KvView> watch = registry.keyValues().watchPrefix("app/", view -> {
            views.accept(view);
            throw new IllegalStateException("on purpose");
        });
        awaitTexts(Map.of());
        assertThat(watch.firstView()).succeedsWithin(Duration.ofSeconds(10));
        keys.put("app/a", "1");
        awaitTexts(Map.of("app/a", "1"));
    }

    @Test
    void a_watch_that_is_closed_hears_no_more_and_asks_no_more() {
        Following<KvView> watch = followTwo();
        int before = views.all().size();
        watch.close();
        watch.close();
        await().until(() -> consul.blocked().isEmpty());
        keys.put("app/a", "2");
        assertThat(views.all()).hasSize(before);
    }

    @Test
    void a_watch_that_is_closed_before_its_first_view_says_so() {
        consul.begin(Trouble.STATUS_500);
        Following<KvView> watch = follow();
        registry.close();
        await().until(() -> watch.firstView().toCompletableFuture().isCompletedExceptionally());
        assertThatThrownBy(this::follow).isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "/", "a//b", "a/../b", "./a", "a/."})
    void a_key_that_consul_would_read_as_another_one_is_refused(String key) {
        assertThatThrownBy(() -> registry.keyValues().get(key))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected: segments between slashes");
    }
}

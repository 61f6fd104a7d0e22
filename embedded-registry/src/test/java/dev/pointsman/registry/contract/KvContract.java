package dev.pointsman.registry.contract;

import static dev.pointsman.registry.contract.RegistryDriver.woken;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pointsman.testkit.TestHttp.Reply;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The key-value store, as far as tools that read their settings from it go. */
interface KvContract {
    RegistryDriver registry();

    @Test
    default void a_value_is_put_read_and_deleted() {
        String key = registry().fresh("app") + "/setting";

        assertThat(registry().http().put("/v1/kv/" + key, "süß").body().strip()).isEqualTo("true");
        JsonNode entry = registry().read("/v1/kv/" + key).get(0);
        assertThat(entry.get("Key").asText()).isEqualTo(key);
        assertThat(new String(Base64.getDecoder().decode(entry.get("Value").asText()), StandardCharsets.UTF_8))
                .isEqualTo("süß");
        assertThat(entry.get("Flags").asInt()).isZero();
        assertThat(entry.get("LockIndex").asInt()).isZero();
        assertThat(entry.get("CreateIndex").asLong()).isPositive();
        Reply raw = registry().http().get("/v1/kv/" + key + "?raw");
        assertThat(raw.body()).isEqualTo("süß");
        assertThat(raw.header("Content-Type")).startsWith("text/plain");

        assertThat(registry().http().delete("/v1/kv/" + key).body().strip()).isEqualTo("true");
        assertThat(registry().http().get("/v1/kv/" + key).status()).isEqualTo(404);
        assertThat(registry().http().delete("/v1/kv/" + key).body().strip()).isEqualTo("true");
    }

    @Test
    default void what_is_missing_is_404_without_a_body_but_with_an_index() {
        for (String query : new String[] {"", "?recurse", "?keys"}) {
            Reply reply = registry().http().get("/v1/kv/nothing-here" + query);

            assertThat(reply.status()).isEqualTo(404);
            assertThat(reply.body()).isEmpty();
            assertThat(reply.index()).isPositive();
        }
    }

    @Test
    default void flags_are_kept() {
        String key = registry().fresh("key");
        registry().http().put("/v1/kv/" + key + "?flags=42", "v");

        assertThat(registry().read("/v1/kv/" + key).at("/0/Flags").asInt()).isEqualTo(42);
    }

    @Test
    default void flags_are_unsigned() {
        String key = registry().fresh("key");
        registry().http().put("/v1/kv/" + key + "?flags=18446744073709551615", "v");

        assertThat(registry().read("/v1/kv/" + key).at("/0/Flags").asText()).isEqualTo("18446744073709551615");
    }

    @Test
    default void check_and_set_writes_only_over_the_version_it_names() {
        String key = registry().fresh("key");
        assertThat(cas(key, 0, "first")).isEqualTo("true");
        assertThat(cas(key, 0, "second")).isEqualTo("false");
        long version = registry().read("/v1/kv/" + key).at("/0/ModifyIndex").asLong();
        assertThat(cas(key, version - 1, "second")).isEqualTo("false");
        assertThat(cas(key, version, "second")).isEqualTo("true");
        assertThat(registry().http().get("/v1/kv/" + key + "?raw").body()).isEqualTo("second");

        long newer = registry().read("/v1/kv/" + key).at("/0/ModifyIndex").asLong();
        assertThat(newer).isGreaterThan(version);
        assertThat(registry()
                        .http()
                        .delete("/v1/kv/" + key + "?cas=" + version)
                        .body()
                        .strip())
                .isEqualTo("false");
        assertThat(registry()
                        .http()
                        .delete("/v1/kv/" + key + "?cas=" + newer)
                        .body()
                        .strip())
                .isEqualTo("true");
    }

    private String cas(String key, long version, String value) {
        return registry()
                .http()
                .put("/v1/kv/" + key + "?cas=" + version, value)
                .body()
                .strip();
    }

    @Test
    default void a_tree_is_read_listed_and_deleted() {
        String app = registry().fresh("app");
        registry().http().put("/v1/kv/" + app + "/a", "1");
        registry().http().put("/v1/kv/" + app + "/b/c", "2");
        registry().http().put("/v1/kv/" + app + "/b/d", "3");

        assertThat(registry().read("/v1/kv/" + app + "?recurse").findValuesAsText("Key"))
                .containsExactly(app + "/a", app + "/b/c", app + "/b/d");
        assertThat(registry().read("/v1/kv/" + app + "/?keys"))
                .map(JsonNode::asText)
                .containsExactly(app + "/a", app + "/b/c", app + "/b/d");
        assertThat(registry().read("/v1/kv/" + app + "/?keys&separator=/"))
                .map(JsonNode::asText)
                .containsExactly(app + "/a", app + "/b/");

        assertThat(registry()
                        .http()
                        .delete("/v1/kv/" + app + "/b?recurse")
                        .body()
                        .strip())
                .isEqualTo("true");
        assertThat(registry().read("/v1/kv/" + app + "?keys"))
                .map(JsonNode::asText)
                .containsExactly(app + "/a");
    }

    @Test
    default void keys_are_percent_decoded() {
        String app = registry().fresh("app");
        registry().http().put("/v1/kv/" + app + "%2Fa", "1");

        assertThat(registry().http().get("/v1/kv/" + app + "/a?raw").body()).isEqualTo("1");
    }

    @Test
    default void a_query_for_a_missing_key_waits_and_is_woken_when_it_is_written() {
        String key = registry().fresh("key");
        registry().http().put("/v1/kv/some-key-so-that-there-is-an-index", key);
        Reply missing = registry().http().get("/v1/kv/" + key);
        Reply still = registry().notWoken(registry().blockShortly("/v1/kv/" + key, missing.index()));
        assertThat(still.status()).isEqualTo(404);
        assertThat(still.index()).isPositive();

        CompletableFuture<Reply> query = registry().block("/v1/kv/" + key, still.index());
        registry().http().put("/v1/kv/" + key, "here");

        Reply written = woken(query);
        assertThat(written.status()).isEqualTo(200);
        assertThat(written.index()).isGreaterThan(still.index());
    }

    @Test
    default void a_query_for_a_key_is_woken_by_its_change_and_its_end() {
        String key = registry().fresh("key");
        registry().http().put("/v1/kv/" + key, "one");
        Reply one = registry().http().get("/v1/kv/" + key);

        CompletableFuture<Reply> query = registry().block("/v1/kv/" + key, one.index());
        registry().http().put("/v1/kv/" + key, "two");
        Reply two = woken(query);
        assertThat(two.index()).isGreaterThan(one.index());

        query = registry().block("/v1/kv/" + key, two.index());
        registry().http().delete("/v1/kv/" + key);
        assertThat(woken(query).status()).isEqualTo(404);
    }

    @Test
    default void a_query_for_a_tree_is_woken_by_each_change_in_it_and_by_its_end_and_not_by_neighbours() {
        String app = registry().fresh("app");
        registry().http().put("/v1/kv/" + app + "/a", "1");
        String tree = "/v1/kv/" + app + "/?recurse";
        Reply one = registry().http().get(tree);

        CompletableFuture<Reply> unmoved = registry().blockShortly(tree, one.index());
        registry().http().put("/v1/kv/" + app + "x", "a neighbour");
        registry().http().put("/v1/kv/" + app + "/a", "1");
        Reply still = registry().notWoken(unmoved);
        assertThat(still.json()).hasSize(1);

        CompletableFuture<Reply> query = registry().block(tree, still.index());
        registry().http().put("/v1/kv/" + app + "/b", "2");
        Reply two = woken(query);
        assertThat(two.json()).hasSize(2);
        assertThat(two.index()).isGreaterThan(still.index());

        query = registry().block(tree, two.index());
        registry().http().delete("/v1/kv/" + app + "/a");
        Reply three = woken(query);
        assertThat(three.json()).hasSize(1);
        assertThat(three.index()).isGreaterThan(two.index());

        query = registry().block(tree, three.index());
        registry().http().delete("/v1/kv/" + app + "/?recurse");
        Reply none = woken(query);
        assertThat(none.status()).isEqualTo(404);
        assertThat(none.index()).isGreaterThan(three.index());

        query = registry().block(tree, none.index());
        registry().http().put("/v1/kv/" + app + "/a", "again");
        Reply again = woken(query);
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.index()).isGreaterThan(none.index());
    }

    @Test
    default void an_empty_value_is_null_in_json() {
        String key = registry().fresh("key");
        registry().http().put("/v1/kv/" + key, "");

        assertThat(registry().read("/v1/kv/" + key).at("/0/Value").isNull()).isTrue();
    }
}

package dev.pointsman.registry.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.registry.CatalogSummary;
import dev.pointsman.registry.CatalogView;
import dev.pointsman.registry.Following;
import dev.pointsman.registry.Instance;
import dev.pointsman.registry.KeyValueStore;
import dev.pointsman.registry.KvEntry;
import dev.pointsman.registry.KvView;
import dev.pointsman.registry.RegistryException;
import dev.pointsman.registry.RegistryException.Kind;
import dev.pointsman.registry.ServiceSelection;
import dev.pointsman.registry.consul.ConsulAddress;
import dev.pointsman.registry.consul.ConsulRegistry;
import dev.pointsman.registry.consul.ConsulWatchOptions;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What our own client follows, reads and writes beside the services of a target. */
interface FollowingContract {
    RegistryDriver registry();

    /** A use of a client of the registry. */
    @FunctionalInterface
    interface Use {
        void of(ConsulRegistry client) throws Exception;
    }

    private void with(Use use) throws Exception {
        Vertx vertx = Vertx.vertx();
        try (ConsulRegistry client =
                new ConsulRegistry(vertx, ConsulAddress.from(registry().url(), Map.of()), ConsulWatchOptions.DEFAULT)) {
            use.of(client);
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    private static <T> T now(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Waits for a newest view that is wanted, and gives it. */
    private static <V> V awaitView(AtomicReference<V> newest, Predicate<V> wanted) {
        return await().atMost(RegistryDriver.SOON)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(10))
                .until(newest::get, view -> view != null && wanted.test(view));
    }

    private static List<String> lines(KvView view) {
        return view.entries().stream()
                .map(entry -> entry.key() + "=" + entry.text().orElse("(binary)"))
                .toList();
    }

    @Test
    default void keys_are_followed_as_they_come_change_go_and_come_again() throws Exception {
        String app = registry().fresh("app");
        with(client -> {
            KeyValueStore store = client.keyValues();
            AtomicReference<KvView> views = new AtomicReference<>();
            AtomicReference<KvView> one = new AtomicReference<>();
            store.watchPrefix(app + "/", views::set);
            store.watchKey(app + "/b", one::set);
            awaitView(views, view -> view.entries().isEmpty());
            awaitView(one, view -> view.entries().isEmpty());

            registry().http().put("/v1/kv/" + app + "/b", "1");
            registry().http().put("/v1/kv/" + app + "/a", "");
            registry().http().put("/v1/kv/" + app + "x", "a neighbour");
            awaitView(views, view -> lines(view).equals(List.of(app + "/a=", app + "/b=1")));
            awaitView(one, view -> lines(view).equals(List.of(app + "/b=1")));
            registry().http().put("/v1/kv/" + app + "/b", "2");
            awaitView(one, view -> lines(view).equals(List.of(app + "/b=2")));

            registry().http().delete("/v1/kv/" + app + "/b");
            awaitView(views, view -> lines(view).equals(List.of(app + "/a=")));
            awaitView(one, view -> view.entries().isEmpty());
            registry().http().put("/v1/kv/" + app + "/b", "2");
            awaitView(one, view -> lines(view).equals(List.of(app + "/b=2")));
            registry().http().delete("/v1/kv/" + app + "/?recurse");
            awaitView(views, view -> view.entries().isEmpty());
            awaitView(one, view -> view.entries().isEmpty());
        });
    }

    @Test
    default void of_those_who_write_over_the_same_version_one_succeeds() throws Exception {
        String key = registry().fresh("app") + "/decision";
        with(client -> {
            KeyValueStore store = client.keyValues();
            assertThat(now(store.get(key))).isEmpty();
            assertThat(now(store.putIf(key, utf8("one"), 0))).isTrue();
            assertThat(now(store.putIf(key, utf8("other"), 0))).isFalse();
            KvEntry read = now(store.get(key)).orElseThrow();
            assertThat(read.text()).contains("one");
            List<CompletionStage<Boolean>> race = IntStream.range(0, 5)
                    .mapToObj(n -> store.putIf(key, utf8("racer " + n), read.modifyIndex()))
                    .toList();
            int winners = 0;
            for (CompletionStage<Boolean> racer : race) {
                winners += now(racer) ? 1 : 0;
            }
            assertThat(winners).isEqualTo(1);

            now(store.put(key, utf8("whatever it was")));
            assertThat(now(store.deleteIf(key, read.modifyIndex()))).isFalse();
            long newest = now(store.get(key)).orElseThrow().modifyIndex();
            assertThat(now(store.deleteIf(key, newest))).isTrue();
            assertThat(now(store.get(key))).isEmpty();
        });
    }

    @Test
    default void a_key_of_any_characters_and_a_value_of_any_bytes_come_back_as_they_were() throws Exception {
        String app = registry().fresh("app");
        byte[] binary = new byte[100_000];
        new SplittableRandom(1).nextBytes(binary);
        byte[] longest = new byte[512 * 1024];
        new SplittableRandom(2).nextBytes(longest);
        with(client -> {
            KeyValueStore store = client.keyValues();
            for (String key :
                    List.of("s\u00fc\u00df \u20ac", "a+b&c=d?e#f", "100%", "dots..in.a..name", "'\"", "folder/")) {
                now(store.put(app + "/" + key, utf8(key)));
                assertThat(now(store.get(app + "/" + key)).orElseThrow().text())
                        .as(key)
                        .contains(key);
            }
            now(store.put(app + "/binary", binary));
            now(store.put(app + "/longest", longest));
            AtomicReference<KvView> views = new AtomicReference<>();
            store.watchPrefix(app, views::set);
            KvView view = awaitView(views, newest -> newest.entries().size() == 8);
            assertThat(view.get(app + "/s\u00fc\u00df \u20ac").orElseThrow().text())
                    .contains("s\u00fc\u00df \u20ac");
            assertThat(view.get(app + "/binary").orElseThrow().bytes()).isEqualTo(binary);
            assertThat(view.get(app + "/binary").orElseThrow().text()).isEmpty();
            assertThat(view.get(app + "/longest").orElseThrow().bytes()).isEqualTo(longest);
            assertThat(view.entries()).extracting(KvEntry::key).isSorted();
        });
    }

    @Test
    default void a_value_that_is_too_long_is_refused_in_a_sentence() throws Exception {
        String key = registry().fresh("app") + "/long";
        with(client -> assertThat(
                        client.keyValues().put(key, new byte[512 * 1024 + 1]).toCompletableFuture())
                .failsWithin(Duration.ofSeconds(20))
                .withThrowableOfType(ExecutionException.class)
                .havingCause()
                .isInstanceOf(RegistryException.class)
                .satisfies(failure ->
                        assertThat(((RegistryException) failure).kind()).isEqualTo(Kind.REJECTED))
                .withMessageContainingAll("asked to write the key " + key, "413", "too large"));
    }

    @Test
    default void a_thousand_keys_are_followed_and_one_change_among_them_is_seen() throws Exception {
        String app = registry().fresh("app");
        with(client -> {
            KeyValueStore store = client.keyValues();
            CountDownLatch written = new CountDownLatch(1_000);
            for (int n = 0; n < 1_000; n++) {
                store.put(app + "/%04d".formatted(n), utf8("v" + n)).thenRun(written::countDown);
            }
            assertThat(written.await(60, TimeUnit.SECONDS)).isTrue();
            AtomicReference<KvView> views = new AtomicReference<>();
            Following<KvView> watch = store.watchPrefix(app, views::set);
            awaitView(views, view -> view.entries().size() == 1_000);
            now(store.put(app + "/0500", utf8("new")));
            KvView changed = awaitView(
                    views, view -> view.get(app + "/0500").orElseThrow().text().equals(Optional.of("new")));
            now(store.deleteIf(
                    app + "/0999", changed.get(app + "/0999").orElseThrow().modifyIndex()));
            awaitView(views, view -> view.entries().size() == 999);
            assertThat(watch.status().failures()).isZero();
        });
    }

    @Test
    default void services_are_followed_because_of_what_they_announce() throws Exception {
        String shop = registry().fresh("shop");
        String plain = registry().fresh("plain");
        ServiceSelection announcing =
                ServiceSelection.byTag("shops", tag -> tag.strip().startsWith("route-" + shop));
        with(client -> {
            AtomicReference<CatalogView> views = new AtomicReference<>();
            AtomicReference<CatalogView> every = new AtomicReference<>();
            Following<CatalogView> watch = client.follow(announcing, views::set);
            client.follow(ServiceSelection.everyService("all"), every::set);
            assertThat(now(watch.firstView()).services()).isEmpty();

            register(shop, shop + "-1", 81, " route-" + shop + "=/a ");
            register(shop, shop + "-2", 82, "other");
            register(plain, plain + "-1", 83, "other");
            CatalogView both = awaitView(views, view -> ids(view).equals(List.of(shop + "-1", shop + "-2")));
            assertThat(both.services()).containsOnlyKeys(shop);
            awaitView(every, view -> ids(view).containsAll(List.of(shop + "-1", shop + "-2", plain + "-1")));
            Instance first = both.instances().toList().get(0);
            assertThat(first.tags()).containsExactly(" route-" + shop + "=/a ");
            assertThat(first.meta()).containsEntry("k", "v");

            registry().http().put("/v1/agent/service/maintenance/" + shop + "-2?enable=true");
            awaitView(
                    views,
                    view -> view.instances().toList().get(1).weight() == 0
                            || !view.instances().toList().get(1).healthReason().isEmpty());
            registry().deregister(shop + "-2");
            awaitView(views, view -> ids(view).equals(List.of(shop + "-1")));
            registry().deregister(shop + "-1");
            awaitView(views, view -> ids(view).isEmpty());
            registry().deregister(plain + "-1");
            awaitView(every, view -> !ids(view).contains(plain + "-1"));
        });
    }

    private void register(String service, String id, int port, String tag) {
        registry()
                .register(RegistryDriver.json(
                        "{'Name':'%s','ID':'%s','Port':%d,'Tags':['%s'],'Meta':{'k':'v'}}", service, id, port, tag));
    }

    private static List<String> ids(CatalogView view) {
        return view.instances().map(instance -> instance.key().id()).toList();
    }

    @Test
    default void the_services_with_their_tags_and_the_datacenter_are_there_for_the_asking() throws Exception {
        String shop = registry().fresh("shop");
        register(shop, shop + "-1", 81, shop + "-tag");
        registry().awaitInstance(shop);
        with(client -> {
            CatalogSummary summary = now(client.services());
            assertThat(summary.datacenter()).isEqualTo("dc1");
            assertThat(summary.services()).containsEntry(shop, Set.of(shop + "-tag"));
            assertThat(summary.has(shop)).isTrue();
            assertThat(summary.has(shop + "-tag")).isTrue();
            assertThat(summary.has("nobody")).isFalse();
            assertThat(now(client.datacenter())).isEqualTo("dc1");
        });
        registry().deregister(shop + "-1");
    }
}

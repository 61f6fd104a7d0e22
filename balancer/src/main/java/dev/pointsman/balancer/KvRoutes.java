package dev.pointsman.balancer;

import dev.pointsman.balancer.RoutingControl.SourceRoutes;
import dev.pointsman.balancer.config.Announcements;
import dev.pointsman.balancer.config.BalancerConfig;
import dev.pointsman.balancer.config.ConfigException;
import dev.pointsman.balancer.config.RouteDocuments;
import dev.pointsman.balancer.config.RouteDocuments.DocumentEntry;
import dev.pointsman.balancer.fabio.BadDocumentException;
import dev.pointsman.balancer.fabio.FabioDocument;
import dev.pointsman.balancer.history.ChangeCause;
import dev.pointsman.balancer.route.Route;
import dev.pointsman.balancer.route.RouteOrigin.RouteSource;
import dev.pointsman.registry.Following;
import dev.pointsman.registry.KeyValueStore;
import dev.pointsman.registry.KvEntry;
import dev.pointsman.registry.KvView;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The routes that Consul's KV has: one of the sources of {@link RoutingControl}; and the documents there in fabio's language,
 * for {@link AnnouncedRoutes}. Of a key whose value is wrong the last good one counts. For the control plane's context.
 */
final class KvRoutes {
    private static final Logger log = LoggerFactory.getLogger(KvRoutes.class);

    private final Vertx control;
    private final Supplier<KeyValueStore> store;
    private final RoutingControl routing;
    private final Consumer<List<FabioDocument>> fabio;

    private BalancerConfig config;
    private @Nullable Following<KvView> following;
    private @Nullable Following<KvView> fabioFollowing;
    private String followed = "";
    private String fabioFollowed = "";
    private KvView view = new KvView("", List.of());
    private final Map<String, GoodValue<Map<String, DocumentEntry>>> good = new HashMap<>();
    private final Map<String, GoodValue<FabioDocument>> goodFabio = new HashMap<>();
    private Future<Void> last = Future.succeededFuture();

    /** The last value of a key that was right, with what it was read from, and the index of the newest one that was looked at. */
    private record GoodValue<T>(@Nullable T value, @Nullable KvEntry from, long modifyIndex) {
        /** The same after a newer value that was wrong. */
        static <T> GoodValue<T> keep(@Nullable GoodValue<T> before, long modifyIndex) {
            return before == null
                    ? new GoodValue<>(null, null, modifyIndex)
                    : new GoodValue<>(before.value, before.from, modifyIndex);
        }
    }

    /**
     * The routes of one registry.
     *
     * @param store asked for the first time when keys are to be followed
     * @param fabio takes the documents in fabio's language
     */
    KvRoutes(
            Vertx control,
            Supplier<KeyValueStore> store,
            RoutingControl routing,
            BalancerConfig config,
            Consumer<List<FabioDocument>> fabio) {
        this.control = control;
        this.store = store;
        this.routing = routing;
        this.config = config;
        this.fabio = fabio;
    }

    /** Begins to follow what these settings ask for, and reads what is known again by them. */
    Future<SourceRoutes> under(BalancerConfig next) {
        config = next;
        Announcements settings = next.announcements();
        String wanted = Objects.requireNonNullElse(settings.kv(), "");
        if (!wanted.equals(followed)) {
            following = follow(following, wanted, this::changed);
            followed = wanted;
            if (wanted.isEmpty()) {
                view = new KvView("", List.of());
                good.clear();
            }
        }
        String wantedFabio = settings.fabio() ? settings.fabioKv() : "";
        if (!wantedFabio.equals(fabioFollowed)) {
            fabioFollowing = follow(fabioFollowing, wantedFabio, this::fabioChanged);
            fabioFollowed = wantedFabio;
        }
        return read().map(this::source);
    }

    private @Nullable Following<KvView> follow(
            @Nullable Following<KvView> before, String prefix, Consumer<KvView> listener) {
        if (before != null) {
            before.close();
        }
        return prefix.isEmpty() ? null : store.get().watchPrefix(prefix, listener);
    }

    private void changed(KvView next) {
        view = next;
        // One after the other: a later view must not be overtaken by an earlier one.
        last = last.transform(before -> refresh()).otherwiseEmpty();
    }

    private Future<Void> refresh() {
        return read().compose(routes -> routing.put(
                        RouteSource.KV, routes, !followed.isEmpty(), new ChangeCause(RouteSource.KV, followed)))
                .onFailure(failed ->
                        log.warn("the routes below {} in the KV could not be used: {}", followed, failed.getMessage()))
                .mapEmpty();
    }

    private SourceRoutes source(List<Route> routes) {
        return new SourceRoutes(RouteSource.KV, routes, !followed.isEmpty());
    }

    private Future<List<Route>> read() {
        KvView newest = view;
        RouteDocuments documents = config.routeDocuments();
        return control.executeBlocking(() -> {
            Map<String, DocumentEntry> read = new TreeMap<>();
            for (KvEntry entry : newest.entries()) {
                Map<String, DocumentEntry> of = goodEntries(entry, documents);
                if (of != null) {
                    read.putAll(of);
                }
            }
            good.keySet().retainAll(newest.entries().stream().map(KvEntry::key).toList());
            return documents.read(read.values(), RouteSource.KV);
        });
    }

    /** The entries of a key's document, or of the last good one it had. */
    private @Nullable Map<String, DocumentEntry> goodEntries(KvEntry entry, RouteDocuments documents) {
        GoodValue<Map<String, DocumentEntry>> before = good.get(entry.key());
        Map<String, DocumentEntry> known = before == null ? null : before.value();
        if (before != null && before.modifyIndex() == entry.modifyIndex()) {
            return known;
        }
        if (entry.length() == 0 && entry.key().endsWith("/")) {
            // A folder, as Consul's page makes them.
            return null;
        }
        try {
            Map<String, DocumentEntry> read = RouteDocuments.entries("kv " + entry.key(), entry.bytes());
            documents.read(read.values(), RouteSource.KV);
            good.put(entry.key(), new GoodValue<>(read, entry, entry.modifyIndex()));
            return read;
        } catch (ConfigException wrong) {
            wrong.problems()
                    .forEach(problem -> log.warn(
                            "{}; {}", problem, known == null ? "none of it counts" : "what it was before counts"));
            good.put(entry.key(), GoodValue.keep(before, entry.modifyIndex()));
            return known;
        }
    }

    private void fabioChanged(KvView next) {
        List<FabioDocument> documents = new ArrayList<>();
        for (KvEntry entry : next.entries()) {
            FabioDocument document = goodDocument(entry);
            if (document != null) {
                documents.add(document);
            }
        }
        goodFabio.keySet().retainAll(next.entries().stream().map(KvEntry::key).toList());
        fabio.accept(documents);
    }

    private @Nullable FabioDocument goodDocument(KvEntry entry) {
        GoodValue<FabioDocument> before = goodFabio.get(entry.key());
        FabioDocument known = before == null ? null : before.value();
        if (before != null && before.modifyIndex() == entry.modifyIndex()) {
            return known;
        }
        try {
            FabioDocument read =
                    FabioDocument.parse("kv " + entry.key(), entry.text().orElse(""));
            goodFabio.put(entry.key(), new GoodValue<>(read, entry, entry.modifyIndex()));
            return read;
        } catch (BadDocumentException wrong) {
            log.warn("{}; {}", wrong.getMessage(), known == null ? "none of it counts" : "what it was before counts");
            goodFabio.put(entry.key(), GoodValue.keep(before, entry.modifyIndex()));
            return known;
        }
    }

    /** What counts now, for {@link #inherit} of another process: of a key whose value is wrong the last good one. */
    Future<JsonObject> legacy() {
        KvLegacy fabio = new KvLegacy(registry(), fabioFollowed, counting(goodFabio));
        // Where they are read, one after the other.
        return control.executeBlocking(() -> new KvLegacy(registry(), followed, counting(good)))
                .map(routes -> new JsonObject().put("routes", routes.toJson()).put("fabio", fabio.toJson()));
    }

    private static List<KvEntry> counting(Map<String, ? extends GoodValue<?>> values) {
        List<KvEntry> counting = new ArrayList<>();
        values.forEach((key, value) -> {
            KvEntry from = value.from();
            if (from != null) {
                counting.add(new KvEntry(key, from.bytes(), value.modifyIndex()));
            }
        });
        return counting;
    }

    /** Begins with what counted in another process, as the registry may be away; what it says itself is newer. */
    void inherit(JsonObject legacy) {
        KvLegacy routes = KvLegacy.read(legacy.getJsonObject("routes", new JsonObject()));
        if (isMissing(following) && routes.isOf(registry(), followed)) {
            changed(routes.view());
        }
        KvLegacy fabio = KvLegacy.read(legacy.getJsonObject("fabio", new JsonObject()));
        if (isMissing(fabioFollowing) && fabio.isOf(registry(), fabioFollowed)) {
            fabioChanged(fabio.view());
        }
    }

    private static boolean isMissing(@Nullable Following<KvView> asked) {
        return asked != null && !asked.firstView().toCompletableFuture().isDone();
    }

    private String registry() {
        return config.consul().scope();
    }

    /** What is followed until its first view is there. */
    List<Following<?>> followed() {
        return Stream.of(following, fabioFollowing)
                .filter(Objects::nonNull)
                .<Following<?>>map(each -> each)
                .toList();
    }
}

package dev.pointsman.registry.embedded;

import io.vertx.core.json.JsonArray;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The paths under {@code /v1/kv}: keys and values, with their locks. */
final class KvApi {
    /** Consul's limit for a value, in bytes. */
    static final int MAX_VALUE = 512 * 1024;

    private final KvStore store;
    private final ConsistentReads reads;
    private final ConsulJsonWriter writer;
    private final Sessions sessions;

    KvApi(KvStore store, Sessions sessions, ConsistentReads reads, ConsulJsonWriter writer) {
        this.store = store;
        this.sessions = sessions;
        this.reads = reads;
        this.writer = writer;
    }

    void addTo(Router router) {
        router.get("/v1/kv/", this::get).put("/v1/kv/", this::put).on("DELETE", "/v1/kv/", this::delete);
    }

    private void get(ApiCall call) {
        String key = call.rest();
        QueryParams query = call.query();
        if (query.has("keys")) {
            reads.read(call, Topic.keyPrefix(key), () -> keys(call, key, query.get("separator")));
        } else if (query.has("recurse")) {
            reads.read(call, Topic.keyPrefix(key), () -> entries(call, store.withPrefix(key)));
        } else {
            String name = CatalogApi.named(call, "Missing key name");
            reads.read(call, Topic.key(name), () -> {
                KvStore.KeyValue entry = store.get(name);
                if (entry != null && query.has("raw")) {
                    raw(call, entry);
                } else {
                    entries(call, entry == null ? List.of() : List.of(entry));
                }
            });
        }
    }

    private void entries(ApiCall call, Collection<KvStore.KeyValue> found) {
        if (found.isEmpty()) {
            call.status(404).empty();
            return;
        }
        JsonArray json = new JsonArray();
        found.forEach(entry -> json.add(writer.key(entry)));
        call.json(json);
    }

    private static void raw(ApiCall call, KvStore.KeyValue entry) {
        call.header("Content-Type", "text/plain")
                .header("Content-Security-Policy", "sandbox")
                .header("X-Content-Type-Options", "nosniff")
                .bytes(ConsulJsonWriter.bytes(entry.value()));
    }

    /** With a separator, what follows its first occurrence after the prefix is cut off, as in a directory listing. */
    private void keys(ApiCall call, String prefix, String separator) {
        Set<String> keys = new LinkedHashSet<>();
        for (KvStore.KeyValue entry : store.withPrefix(prefix)) {
            int cut = separator.isEmpty() ? -1 : entry.key().indexOf(separator, prefix.length());
            keys.add(cut < 0 ? entry.key() : entry.key().substring(0, cut + separator.length()));
        }
        if (keys.isEmpty() && !prefix.isEmpty()) {
            call.status(404).empty();
        } else {
            call.json(new JsonArray(List.copyOf(keys)));
        }
    }

    private void put(ApiCall call) {
        String key = CatalogApi.named(call, "Missing key name");
        QueryParams query = call.query();
        reads.checkScope(query);
        if (call.body().length() > MAX_VALUE) {
            throw ApiException.of(
                    413,
                    "Request body(" + call.body().length() + " bytes) too large, max size: " + MAX_VALUE + " bytes.");
        }
        Long flags = query.unsigned("flags");
        Long cas = query.unsigned("cas");
        ByteBuffer value = ByteBuffer.wrap(call.body().getBytes()).asReadOnlyBuffer();
        if (cas != null && !store.isAt(key, cas)) {
            call.json(false);
        } else if (query.has("acquire")) {
            String session = sessions.require(query.get("acquire"));
            call.json(store.acquire(key, value, flags == null ? 0 : flags, session));
        } else if (query.has("release")) {
            String session = sessions.require(query.get("release"));
            call.json(store.release(key, value, flags == null ? 0 : flags, session));
        } else {
            store.put(key, value, flags == null ? 0 : flags);
            call.json(true);
        }
    }

    private void delete(ApiCall call) {
        QueryParams query = call.query();
        reads.checkScope(query);
        if (query.has("recurse")) {
            store.deletePrefix(call.rest());
            call.json(true);
            return;
        }
        String key = CatalogApi.named(call, "Missing key name");
        Long cas = query.unsigned("cas");
        // To delete only if there is no such key is nothing to be done, and Consul refuses it.
        boolean may = cas == null || (cas != 0 && store.isAt(key, cas));
        if (may) {
            store.delete(key);
        }
        call.json(may);
    }
}

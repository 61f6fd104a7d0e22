package dev.pointsman.balancer;

import dev.pointsman.registry.KvEntry;
import dev.pointsman.registry.KvView;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/**
 * Keys and values as they count in a process, for the one that takes its place.
 *
 * @param registry which one has them, as {@code ConsulAddress.scope()}
 * @param prefix what is followed there; empty for nothing
 */
record KvLegacy(String registry, String prefix, List<KvEntry> entries) {
    KvLegacy {
        entries = List.copyOf(entries);
    }

    /** Reads a {@link #toJson}; nothing is in an empty object. */
    static KvLegacy read(JsonObject json) {
        List<KvEntry> entries = new ArrayList<>();
        JsonArray all = json.getJsonArray("entries", new JsonArray());
        for (int i = 0; i < all.size(); i++) {
            JsonObject entry = all.getJsonObject(i);
            entries.add(new KvEntry(entry.getString("key"), entry.getBinary("value"), entry.getLong("index")));
        }
        return new KvLegacy(json.getString("registry", ""), json.getString("prefix", ""), entries);
    }

    /** Whether it says anything about this prefix of that registry. */
    boolean isOf(String otherRegistry, String otherPrefix) {
        return registry.equals(otherRegistry) && prefix.equals(otherPrefix) && !entries.isEmpty();
    }

    KvView view() {
        return new KvView(prefix, entries);
    }

    JsonObject toJson() {
        JsonArray all = new JsonArray();
        for (KvEntry entry : entries) {
            all.add(new JsonObject()
                    .put("key", entry.key())
                    .put("value", entry.bytes())
                    .put("index", entry.modifyIndex()));
        }
        return new JsonObject().put("registry", registry).put("prefix", prefix).put("entries", all);
    }
}

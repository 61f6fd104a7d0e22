package dev.pointsman.registry.embedded;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What all reads of the catalog have in common: their parameters are checked, they block, they carry the headers. */
final class ConsistentReads {
    private final Catalog catalog;
    private final BlockedQueries blocked;
    private final String datacenter;

    ConsistentReads(Catalog catalog, BlockedQueries blocked, String datacenter) {
        this.catalog = catalog;
        this.blocked = blocked;
        this.datacenter = datacenter;
    }

    /** A read that also says how consistent it is: catalog, health, queries. */
    void consistent(ApiCall call, Topic topic, Supplier<@Nullable Object> body) {
        String consistency = call.query().consistency();
        read(call, topic, answered -> {
            answered.header("X-Consul-Effective-Consistency", consistency);
            if (answered.query().has("cached")) {
                // Nothing is older here than anything else, so a cache could only say the same.
                answered.header("X-Cache", "HIT").header("Age", "0");
            }
            answered.json(body.get());
        });
    }

    /** Answers at once, or when the topic has moved past the index that the client knows. */
    void read(ApiCall call, Topic topic, Consumer<ApiCall> answer) {
        QueryParams query = call.query();
        query.consistency();
        long index = query.index();
        Duration wait = query.waitTime();
        checkScope(query);
        Runnable respond = () -> Router.answer(call, answered -> {
            answered.header("X-Consul-Index", Long.toUnsignedString(catalog.index(topic)))
                    .header("X-Consul-Knownleader", "true")
                    .header("X-Consul-Lastcontact", "0");
            answer.accept(answered);
        });
        if (index == 0 || Long.compareUnsigned(catalog.index(topic), index) > 0) {
            respond.run();
        } else {
            park(call, topic, wait, respond);
        }
    }

    /** Waits for the topic, or for the client to go away. */
    void park(ApiCall call, Topic topic, Duration wait, Runnable respond) {
        BlockedQueries.Query query = blocked.park(topic, wait, respond);
        if (!call.isGone()) {
            call.whenGone(query::release);
        }
    }

    /** There is one datacenter and there are no namespaces. */
    void checkScope(QueryParams query) {
        if (!query.get("ns").isEmpty()) {
            throw ApiException.badRequest(
                    "Bad request: Invalid query parameter: \"ns\" - Namespaces are a Consul Enterprise feature");
        }
        if (!query.get("dc").isEmpty() && !query.get("dc").equals(datacenter)) {
            throw ApiException.fromCatalog("No path to datacenter");
        }
    }

    /** The nodes whose metadata has every {@code ?node-meta=key:value} of the query. */
    List<String> nodes(QueryParams query) {
        return catalog.nodes().stream()
                .filter(node -> matches(node, query.all("node-meta")))
                .map(Node::name)
                .toList();
    }

    private static boolean matches(Node node, Collection<String> wanted) {
        return wanted.stream().allMatch(pair -> {
            int colon = pair.indexOf(':');
            String key = colon < 0 ? pair : pair.substring(0, colon);
            String value = colon < 0 ? "" : pair.substring(colon + 1);
            return node.meta() != null && value.equals(node.meta().get(key));
        });
    }
}

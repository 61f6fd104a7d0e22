package dev.pointsman.registry.embedded;

import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The reads of the registry, blocking or not: parameters are checked, a query waits for its topic, the response carries
 * Consul's headers.
 */
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
        read(call, topic, () -> {
            call.header("X-Consul-Effective-Consistency", consistency);
            if (call.query().has("cached")) {
                // Nothing is older here than anything else, so a cache could only say the same.
                call.header("X-Cache", "HIT").header("Age", "0");
            }
            call.json(body.get());
        });
    }

    /** Responds at once, or when the topic has moved past the index that the client knows. */
    void read(ApiCall call, Topic topic, Runnable respond) {
        QueryParams query = call.query();
        query.consistency();
        long index = query.index();
        Duration wait = query.waitTime();
        checkScope(query);
        Runnable withHeaders = () -> Router.respond(call, () -> {
            call.header("X-Consul-Index", Long.toUnsignedString(catalog.index(topic)))
                    .header("X-Consul-Knownleader", "true")
                    .header("X-Consul-Lastcontact", "0");
            respond.run();
        });
        if (index == 0 || Long.compareUnsigned(catalog.index(topic), index) > 0) {
            withHeaders.run();
        } else {
            park(call, topic, wait, withHeaders);
        }
    }

    /** Waits for the topic, or for the client to go away. */
    void park(ApiCall call, Topic topic, Duration wait, Runnable respond) {
        BlockedQueries.BlockedQuery query = blocked.park(topic, wait, respond);
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

    /** Whether the node's metadata has every {@code ?node-meta=key:value} of the query. */
    boolean isNodeWanted(QueryParams query) {
        return query.all("node-meta").stream().allMatch(pair -> {
            int colon = pair.indexOf(':');
            String key = colon < 0 ? pair : pair.substring(0, colon);
            String value = colon < 0 ? "" : pair.substring(colon + 1);
            return value.equals(catalog.node().meta().get(key));
        });
    }

    /** Whether a service is among those that {@code ?tag}, {@code ?node-meta} and the path ask for. */
    boolean isWanted(Service service, QueryParams query, boolean connectOnly) {
        return isNodeWanted(query)
                && Names.containsAll(service.tags(), query.all("tag"))
                && (!connectOnly || service.connectNative());
    }
}

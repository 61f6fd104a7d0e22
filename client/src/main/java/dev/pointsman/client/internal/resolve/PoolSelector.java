package dev.pointsman.client.internal.resolve;

import dev.pointsman.client.internal.follow.FollowedService;
import dev.pointsman.pool.PoolSnapshot;
import dev.pointsman.pool.RequestFacts;
import dev.pointsman.pool.Upstream;
import io.vertx.core.net.endpoint.ServerSelector;
import java.util.IdentityHashMap;
import java.util.List;

/** The picks from one snapshot of a pool, as places in Vert.x's list of its servers. Thread-safe. */
final class PoolSelector implements ServerSelector {
    private final FollowedService service;
    private final PoolSnapshot snapshot;
    private final IdentityHashMap<Upstream, Integer> places = new IdentityHashMap<>();

    /** @param servers all of one snapshot, at least one */
    PoolSelector(List<ListedUpstream> servers) {
        service = servers.get(0).service();
        snapshot = servers.get(0).snapshot();
        for (int i = 0; i < servers.size(); i++) {
            places.put(servers.get(i).upstream(), i);
        }
    }

    @Override
    public int select() {
        return select(RequestFacts.NONE);
    }

    @Override
    public int select(String key) {
        return select(new RequestFacts() {
            @Override
            public String clientAddress() {
                return key;
            }
        });
    }

    private int select(RequestFacts facts) {
        // The attempt begins a moment later, in initiateRequest: what begins here is never ended where Vert.x fails
        // between.
        Upstream picked = snapshot.pick(List.of(), facts, false);
        Integer place = picked == null ? null : places.get(picked);
        if (place == null) {
            throw NoInstances.unchecked(service);
        }
        return place;
    }
}

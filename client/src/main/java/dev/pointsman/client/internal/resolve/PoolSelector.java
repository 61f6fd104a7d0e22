package dev.pointsman.client.internal.resolve;

import dev.pointsman.pool.PoolSnapshot;
import dev.pointsman.pool.RequestFacts;
import dev.pointsman.pool.Upstream;
import io.vertx.core.net.endpoint.ServerEndpoint;
import io.vertx.core.net.endpoint.ServerSelector;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The picks from one snapshot of a pool, as places in Vert.x's list of its servers. Thread-safe. */
final class PoolSelector implements ServerSelector {
    /** Vert.x's word for no server. */
    private static final int NONE = -1;

    private final @Nullable PoolSnapshot snapshot;
    private final IdentityHashMap<Upstream, Integer> places = new IdentityHashMap<>();

    /** @param servers all of one snapshot, see {@link ListedUpstream} */
    PoolSelector(List<? extends ServerEndpoint> servers) {
        PoolSnapshot common = null;
        for (int i = 0; i < servers.size(); i++) {
            ListedUpstream listed = (ListedUpstream) servers.get(i).unwrap();
            common = listed.snapshot();
            places.put(listed.upstream(), i);
        }
        snapshot = common;
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
        Upstream picked = snapshot == null ? null : snapshot.pick(List.of(), facts, false);
        return picked == null ? NONE : places.getOrDefault(picked, NONE);
    }
}

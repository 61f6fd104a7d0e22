package dev.pointsman.client.internal.resolve;

import dev.pointsman.client.internal.follow.FollowedService;
import dev.pointsman.pool.PoolSnapshot;
import dev.pointsman.pool.Upstream;
import io.vertx.core.spi.endpoint.EndpointBuilder;

/**
 * The instances of one service in the form that one HTTP client wants. The form is made anew when the pool has published another
 * snapshot, by whoever asks first; what is known of instances is in the pool and lost by none of that. Thread-safe.
 */
final class ListedInstances {
    private final FollowedService service;
    private final EndpointBuilder<Object, ListedUpstream> none;
    private volatile Listing newest;

    /**
     * The form of one snapshot.
     *
     * @param servers Vert.x's own object
     */
    private record Listing(PoolSnapshot snapshot, Object servers) {}

    /** @param none builds Vert.x's object without a server; every other one is built from it */
    ListedInstances(FollowedService service, EndpointBuilder<Object, ListedUpstream> none) {
        this.service = service;
        this.none = none;
        this.newest = list(service.snapshot());
    }

    FollowedService service() {
        return service;
    }

    /** Vert.x's object for the newest snapshot. */
    Object servers() {
        PoolSnapshot snapshot = service.snapshot();
        Listing listing = newest;
        if (listing.snapshot() != snapshot) {
            listing = list(snapshot);
            newest = listing;
        }
        return listing.servers();
    }

    private Listing list(PoolSnapshot snapshot) {
        EndpointBuilder<Object, ListedUpstream> builder = none;
        for (Upstream upstream : snapshot.ready()) {
            builder = builder.addServer(ListedUpstream.of(upstream, service, snapshot), upstream.name());
        }
        return new Listing(snapshot, builder.build());
    }
}

package dev.pointsman.client.internal.resolve;

import dev.pointsman.client.NoInstanceException;
import dev.pointsman.client.ServiceAddress;
import dev.pointsman.client.internal.follow.FollowedService;
import dev.pointsman.client.internal.follow.FollowedServices;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.Address;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.spi.endpoint.EndpointBuilder;
import io.vertx.core.spi.endpoint.EndpointResolver;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The resolver of services' addresses for one HTTP client. What it resolves to follows the registry by itself. Thread-safe. */
public final class ServiceResolver
        implements EndpointResolver<ServiceAddress, ListedUpstream, ListedInstances, Object> {
    private final Vertx vertx;
    private final FollowedServices services;
    private final Duration patience;

    /** @param patience for how long a request waits for the first view of a service */
    public ServiceResolver(Vertx vertx, FollowedServices services, Duration patience) {
        this.vertx = vertx;
        this.services = services;
        this.patience = patience;
    }

    @Override
    public @Nullable ServiceAddress tryCast(Address address) {
        return address instanceof ServiceAddress service ? service : null;
    }

    @Override
    public SocketAddress addressOf(ListedUpstream server) {
        return server.address();
    }

    @Override
    public Future<ListedInstances> resolve(ServiceAddress address, EndpointBuilder<Object, ListedUpstream> builder) {
        try {
            FollowedService service = services.at(address);
            return known(service).map(known -> new ListedInstances(service, builder));
        } catch (IllegalStateException closed) {
            return Future.failedFuture(closed);
        }
    }

    private Future<Void> known(FollowedService service) {
        if (service.isKnown()) {
            return Future.succeededFuture();
        }
        Promise<Void> known = Promise.promise();
        long timer = vertx.setTimer(
                patience.toMillis(),
                late -> known.tryFail(new NoInstanceException(service.address().toString(), service.whyUnknown())));
        service.known().thenRun(() -> {
            vertx.cancelTimer(timer);
            known.tryComplete();
        });
        return known.future();
    }

    @Override
    public Object endpoint(ListedInstances instances) {
        ServiceAddress address = instances.service().address();
        // Fails where the client is closed: what it knew last is not to be used for good.
        FollowedService service = services.at(address);
        if (service.snapshot().ready().isEmpty()) {
            // Vert.x asks no load balancer where there is no server, and fails by a message of its own.
            throw NoInstances.unchecked(service);
        }
        return instances.servers();
    }

    @Override
    public boolean isValid(ListedInstances instances) {
        return true;
    }

    @Override
    public void dispose(ListedInstances instances) {
        // The service is followed on, for the requests to come and for other HTTP clients, until the client is closed.
    }

    @Override
    public void close() {
        // Vert.x does not call it. What is to be closed belongs to the service client.
    }
}

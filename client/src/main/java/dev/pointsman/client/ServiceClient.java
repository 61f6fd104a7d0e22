package dev.pointsman.client;

import dev.pointsman.client.internal.call.Transport;
import dev.pointsman.client.internal.follow.FollowedServices;
import dev.pointsman.client.internal.follow.RegistryLease;
import dev.pointsman.client.internal.jdk.ServiceHttpClient;
import dev.pointsman.client.internal.resolve.PoolLoadBalancer;
import dev.pointsman.client.internal.resolve.ServiceResolver;
import dev.pointsman.pool.PoolSnapshot;
import dev.pointsman.registry.Registry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.net.AddressResolver;
import io.vertx.core.net.endpoint.LoadBalancer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client that sends requests to the instances of services by itself, without a proxy in between: it follows the registry,
 * picks an instance for each request, and judges instances by how they respond, as the balancer does and with the same pools
 * and policies. One object for the life of a program. Thread-safe.
 *
 * <p>With Vert.x, {@link #httpClient()} is an HTTP client for which a {@link ServiceAddress} is an address:
 *
 * <pre>{@code
 * ServiceClient services = ServiceClient.create(vertx, ClientOptions.defaults());
 * WebClient web = WebClient.wrap(services.httpClient());
 * web.request(GET, new RequestOptions().setServer(ServiceAddress.of("api-service")).setURI("/hello")).send();
 * }</pre>
 *
 * <p>Without, {@link #javaClient()} is a {@link java.net.http.HttpClient} for URIs such as {@code service://api-service/hello}:
 *
 * <pre>{@code
 * try (ServiceClient services = ServiceClient.create(ClientOptions.defaults())) {
 *     HttpRequest request = ServiceRequest.newBuilder(URI.create("service://api-service/hello")).build();
 *     HttpResponse<String> response = services.javaClient().send(request, BodyHandlers.ofString());
 * }
 * }</pre>
 *
 * <p>A client that is created while the registry is down works as soon as the registry does, or at once with a {@linkplain
 * ClientOptions#viewFile() view file}. Clients of the same registry share its watches, so that a service is watched once in a
 * process however many clients there are.
 *
 * <p>What may be sent again, and when, is the rule of {@link dev.pointsman.retry.RetryRule}: what was not sent goes to another
 * instance whatever it is; what was sent goes again only if its method is idempotent (RFC 9110, 9.2.2), or it has a field {@code
 * Idempotency-Key}, and if its body is no longer than 64 KiB; and no more often than {@link dev.pointsman.retry.RetryBudget}
 * allows. A call without a response fails with a {@link ServiceCallException}.
 */
public final class ServiceClient implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ServiceClient.class);

    /** An event loop carries tens of thousands of requests in a second. */
    private static final int MOST_LOOPS = 4;

    /** Beyond what each step takes at the most: only an event loop that is blocked for good needs it. */
    private static final Duration CLOSE = Duration.ofSeconds(10);

    private final @Nullable Vertx ownVertx;
    private final List<RegistryLease> leases;
    private final FollowedServices services;
    private final Transport transport;
    private final HttpClient httpClient;
    private final ServiceHttpClient javaClient;
    private final LoadBalancer loadBalancer = new PoolLoadBalancer(System::nanoTime);
    private final Duration registryTimeout;

    private final Promise<Void> closed = Promise.promise();
    private final AtomicBoolean closing = new AtomicBoolean();

    private ServiceClient(
            Vertx vertx,
            @Nullable Vertx ownVertx,
            ClientOptions options,
            List<Registry> registries,
            List<RegistryLease> leases) {
        this.ownVertx = ownVertx;
        this.leases = leases;
        this.services = FollowedServices.of(options, registries);
        this.registryTimeout = options.timeouts().registry();
        this.transport = new Transport(vertx, options);
        this.httpClient = transport.balancing(services, options);
        // This one has them set on the thread that makes the call, before it is on a loop.
        HttpClient onLoops = transport.balancing(services, options.withContextFields(ContextFields.NONE));
        this.javaClient = new ServiceHttpClient(transport.loops(onLoops), options.contextFields(), null);
    }

    /**
     * A client with a Vert.x of its own. Reads the view file, if there is one, and blocks for that; waits for nothing else.
     *
     * @throws IllegalArgumentException when Consul's certificates cannot be used
     */
    public static ServiceClient create(ClientOptions options) {
        Vertx vertx = newVertx();
        try {
            return lease(vertx, vertx, options);
        } catch (RuntimeException e) {
            vertx.close();
            throw e;
        }
    }

    /** As {@link #create(ClientOptions)}, with calls on the event loops of a Vert.x that the caller made and goes on owning. */
    public static ServiceClient create(Vertx vertx, ClientOptions options) {
        return lease(vertx, null, options);
    }

    /**
     * As {@link #create(Vertx, ClientOptions)}, with a registry that the caller made and goes on owning: {@link
     * ClientOptions#consul()}, {@link ClientOptions#viewFile()} and {@link Locality#datacenters()} are not used.
     */
    public static ServiceClient create(Vertx vertx, Registry registry, ClientOptions options) {
        Locality here = options.locality().withDatacenters(List.of());
        return new ServiceClient(vertx, null, options.withLocality(here), List.of(registry), List.of());
    }

    private static ServiceClient lease(Vertx vertx, @Nullable Vertx ownVertx, ClientOptions options) {
        List<RegistryLease> leases = new ArrayList<>();
        try {
            leases.add(RegistryLease.take(options.consul(), options.viewFile()));
            for (String datacenter : options.locality().datacenters()) {
                leases.add(RegistryLease.take(options.consul(), ofDatacenter(options.viewFile(), datacenter)));
            }
            List<Registry> registries =
                    leases.stream().map(RegistryLease::registry).toList();
            return new ServiceClient(vertx, ownVertx, options, registries, leases);
        } catch (RuntimeException e) {
            leases.forEach(RegistryLease::giveBack);
            throw e;
        }
    }

    private static @Nullable Path ofDatacenter(@Nullable Path viewFile, String datacenter) {
        return viewFile == null ? null : viewFile.resolveSibling(viewFile.getFileName() + "." + datacenter);
    }

    private static Vertx newVertx() {
        int loops = Math.min(MOST_LOOPS, Runtime.getRuntime().availableProcessors());
        return Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(loops)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
    }

    /**
     * Vert.x's HTTP client for which a {@link ServiceAddress} is an address ({@code RequestOptions.setServer}); {@code
     * WebClient.wrap} takes it. Requests to other addresses go where they say, once. A timeout in the request's options counts
     * for all attempts together. It ends with this client.
     */
    public HttpClient httpClient() {
        return httpClient;
    }

    /**
     * Java's HTTP client for the URIs of services, {@code service://NAME/PATH} (see {@link ServiceRequest}) or, in the form of
     * Consul's DNS, {@code http://[TAG.]NAME.service.consul/PATH}. It ends with this client.
     */
    public java.net.http.HttpClient javaClient() {
        return javaClient;
    }

    /**
     * The address resolver for an HTTP client that the caller builds, because it needs TLS, HTTP/2 or proxies of its own; always
     * together with {@link #loadBalancer()}, and without a connection of this client:
     *
     * <pre>{@code
     * HttpClient own = vertx.httpClientBuilder()
     *         .with(new HttpClientOptions().setSsl(true))
     *         .withAddressResolver(services.addressResolver())
     *         .withLoadBalancer(services.loadBalancer())
     *         .build();
     * own.request(new RequestOptions().setServer(ServiceAddress.of("api-service")).setURI("/hello"));
     * }</pre>
     *
     * <p>It goes by the same pools as {@link #httpClient()}: the instances, tags, zones and policy, and what is known of each. But
     * Vert.x selects one instance for each request, and that is all: nothing is sent again or hedged, statuses are not judged
     * (failures of connections and time-outs are), and of {@link ClientOptions} the listener, the context fields, the connections
     * and all {@link CallTimeouts} but the one for the registry do not count. A policy that goes by a field, a cookie or a
     * parameter of the request does without; {@code RequestOptions.setRoutingKey} stands for the client's address. A connection
     * that an instance closes while it is idle counts as broken off if a request is on its way, as Vert.x does not say which
     * connection it took; with HTTP/2, what ends after it was sent does not count against the instance, as Vert.x does not say
     * who ended it. When several threads pick at once, {@code PoolOptions#maxInFlight} may be exceeded by as many.
     *
     * <p>Such a client takes no other address than a service's. A request for a service without an instance fails with a {@link
     * NoInstanceException}. With TLS, the certificate is checked against {@code RequestOptions.setHost}; without it, against the
     * instance's address. The caller closes the HTTP client, before or after this one; when this one is closed, its requests
     * fail.
     */
    public AddressResolver<ServiceAddress> addressResolver() {
        return on -> new ServiceResolver(on, services, registryTimeout);
    }

    /** The load balancer that belongs to {@link #addressResolver()}, and goes with no other. */
    public LoadBalancer loadBalancer() {
        return loadBalancer;
    }

    /**
     * Follows a service from now on, rather than from the first call to it on. Completes when its instances are known, and not
     * before, however long that takes.
     *
     * @throws IllegalStateException if this client is closed
     */
    public CompletionStage<Void> follow(ServiceAddress service) {
        return services.at(service).known();
    }

    /**
     * The instances of a service at this moment, with what this client knows of each.
     *
     * @throws IllegalStateException if this client is closed
     */
    public PoolSnapshot instances(ServiceAddress service) {
        return services.at(service).snapshot();
    }

    /**
     * Closes the client: no call begins any more, those under way have so much time to end, and nothing is left: no thread, no
     * connection, no watch that another client does not need. Completes when that is done. Idempotent: later calls give the
     * first one's result.
     */
    public Future<Void> shutdown(Duration grace) {
        if (closing.compareAndSet(false, true)) {
            services.close();
            javaClient.shutdown();
            transport
                    .shutdown(grace)
                    .eventually(() -> Future.all(
                            leases.stream().map(RegistryLease::giveBack).toList()))
                    .eventually(() -> ownVertx == null ? Future.succeededFuture() : ownVertx.close())
                    .onComplete(closed);
        }
        return closed.future();
    }

    /**
     * Closes the client at once; calls under way fail. Blocks until nothing is left of it, unless it is called on an event loop.
     */
    @Override
    public void close() {
        Future<Void> done = shutdown(Duration.ZERO);
        if (Context.isOnEventLoopThread()) {
            return;
        }
        try {
            done.toCompletionStage().toCompletableFuture().get(CLOSE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            log.warn("The client did not close as it should: {}", e.toString());
        }
    }
}

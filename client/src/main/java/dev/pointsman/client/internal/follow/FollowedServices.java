package dev.pointsman.client.internal.follow;

import dev.pointsman.client.ClientOptions;
import dev.pointsman.client.Locality;
import dev.pointsman.client.ServiceAddress;
import dev.pointsman.pick.NearestFirst;
import dev.pointsman.pick.PolicyInputs;
import dev.pointsman.pool.PickPolicy;
import dev.pointsman.pool.Pool;
import dev.pointsman.pool.PoolTime;
import dev.pointsman.registry.Registry;
import dev.pointsman.registry.Watch;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/** The services that one client has sent calls to, each followed from its first call on. Thread-safe. */
public final class FollowedServices {
    private final ClientOptions options;
    private final List<Registry> registries;
    private final PoolTime time;
    private final PolicyInputs inputs;
    private final Map<ServiceAddress, FollowedService> services = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /**
     * No service yet.
     *
     * @param registries where they are listed: the one of the client's own datacenter, then those of {@link
     *     Locality#datacenters()}
     * @param random for policies that draw
     */
    public FollowedServices(ClientOptions options, List<Registry> registries, PoolTime time, RandomGenerator random) {
        this.options = options;
        this.registries = List.copyOf(registries);
        this.time = time;
        byte[] secret = new byte[Long.BYTES * 2];
        random.nextBytes(secret);
        // Sticky tokens do not leave this process.
        this.inputs = new PolicyInputs(random::nextLong, HexFormat.of().formatHex(secret));
    }

    /** As above, with this machine's clocks. */
    public static FollowedServices of(ClientOptions options, List<Registry> registries) {
        return new FollowedServices(
                options,
                registries,
                new PoolTime(System::nanoTime, InstantSource.system()),
                RandomGenerator.getDefault());
    }

    /**
     * The service at this address, followed from now on.
     *
     * @throws IllegalStateException if the client is closed
     */
    public FollowedService at(ServiceAddress address) {
        if (closed) {
            throw new IllegalStateException("the client is closed");
        }
        FollowedService known = services.get(address);
        if (known != null) {
            return known;
        }
        FollowedService begun = services.computeIfAbsent(address, this::follow);
        if (closed) {
            // Meanwhile, so that whoever closed it may not have seen this one.
            begun.close();
        }
        return begun;
    }

    private FollowedService follow(ServiceAddress address) {
        Pool pool = new Pool(address.toString(), policy(), options.pool(), time, change -> {});
        FollowedService service =
                new FollowedService(address, pool, registries.get(0).toString(), options.hedge(), time.nanos());
        DatacenterViews views =
                new DatacenterViews(address.service(), options.locality().datacenters(), service::take);
        List<Watch> watches = new ArrayList<>();
        for (int i = 0; i < registries.size(); i++) {
            int datacenter = i;
            watches.add(registries.get(i).watch(address.service(), view -> views.take(datacenter, view)));
        }
        service.fedBy(watches);
        return service;
    }

    private PickPolicy policy() {
        Nearness nearness = new Nearness(options.locality());
        if (!nearness.matters()) {
            return options.policy().make(inputs);
        }
        return new NearestFirst(
                nearness,
                () -> options.policy().make(inputs),
                options.locality().spillOver());
    }

    /** Stops following. */
    public void close() {
        closed = true;
        services.values().forEach(FollowedService::close);
    }
}

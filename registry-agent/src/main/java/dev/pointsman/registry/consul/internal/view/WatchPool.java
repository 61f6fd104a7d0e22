package dev.pointsman.registry.consul.internal.view;

import dev.pointsman.registry.Health;
import dev.pointsman.registry.Instance;
import dev.pointsman.registry.InstanceKey;
import dev.pointsman.registry.cache.ServiceCache;
import dev.pointsman.registry.consul.internal.json.InstancesReader;
import dev.pointsman.registry.consul.internal.json.ServiceTag;
import dev.pointsman.registry.consul.internal.log.OutageLog;
import dev.pointsman.registry.consul.internal.query.ConsulTransport;
import dev.pointsman.registry.consul.internal.query.ListQuery;
import dev.pointsman.registry.consul.internal.query.ListView;
import dev.pointsman.registry.consul.internal.query.QueryMode;
import dev.pointsman.registry.consul.internal.query.WatchContext;
import dev.pointsman.registry.consul.internal.query.WatchedList;
import dev.pointsman.registry.consul.internal.shared.SharedWatches;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lists that one registry follows, each once however many targets need it, and no longer than one does: the catalog,
 * and the instances of each service. The first {@value #MOST_WATCHES} services have a connection each; the further ones are
 * {@link SharedWatches}'. Lists begin with what the cache holds, and fill it. Lives on one Vert.x context, but for
 * {@link #freezeCache}.
 */
public final class WatchPool implements TargetLists {
    /**
     * The most services that have a connection with a blocked query each. Of the 100 connections that a registry uses at the
     * most, the rest is for the shared queries and for quick ones.
     */
    public static final int MOST_WATCHES = 80;

    private static final Logger LOG = LoggerFactory.getLogger(WatchPool.class);
    /** For how long a service is still followed that the catalog does not show any more, where anything is retained. */
    private static final Duration CATALOG_LINES = Duration.ofSeconds(10);

    /** The tag of the line that each service has, see {@link ServiceTag}. */
    private static final String NO_TAG = "";

    private static final String CATALOG = "/v1/catalog/services";
    private static final String INSTANCES = "/v1/health/service/";

    /**
     * A followed service.
     *
     * @param alone whether it has a connection of its own
     * @param users run after each change
     */
    private record WatchedService(WatchedList<InstanceKey, Instance> list, boolean alone, Set<Runnable> users) {}

    private final WatchContext context;
    private final OutageLog outages;
    private final CacheWarmup warmup;
    private final SharedWatches shared;
    private final RemovalReview review;
    private final RetainedProbes probes;
    private final Map<String, WatchedService> services = new HashMap<>();
    private final Set<Runnable> catalogUsers = new LinkedHashSet<>();

    private WatchedList<ServiceTag, ServiceTag> catalog;
    private Map<String, Set<String>> carriers = Map.of();
    private int alone;

    /**
     * Creates a pool that follows nothing yet; it queries nothing.
     *
     * @param outages gets each success and failure
     * @param cache what an earlier process knew; what Consul lists is put into it
     */
    public WatchPool(WatchContext context, OutageLog outages, ServiceCache cache) {
        this.context = context;
        this.outages = outages;
        this.warmup = new CacheWarmup(cache);
        this.shared = new SharedWatches(context, outages);
        this.review = new RemovalReview(context.transport());
        this.probes = new RetainedProbes(context);
        this.catalog = newCatalog();
        if (!warmup.isUsedUp()) {
            warmup.seedCatalog(catalog);
            carriers = ServiceTag.carriers(catalog.entries().keySet());
        }
    }

    private WatchedList<ServiceTag, ServiceTag> newCatalog() {
        // What a service has is said by its own list, so the catalog may well be late to say that it is gone.
        return new WatchedList<>(
                ListQuery.ofServices(CATALOG),
                QueryMode.WATCH,
                new WatchedList.Retention<>(
                        context.retainFor().compareTo(CATALOG_LINES) < 0 ? context.retainFor() : CATALOG_LINES,
                        true,
                        line -> false,
                        missing -> Future.succeededFuture(Optional.empty())),
                ServiceTag::read,
                context,
                outages,
                this::catalogChanged);
    }

    @Override
    public ListView<ServiceTag, ServiceTag> acquireCatalog(Runnable user) {
        boolean first = catalogUsers.isEmpty();
        catalogUsers.add(user);
        if (first) {
            catalog.start();
        }
        return catalog;
    }

    @Override
    public void releaseCatalog(Runnable user) {
        if (catalogUsers.remove(user) && catalogUsers.isEmpty()) {
            catalog.close();
            catalog = newCatalog();
            carriers = Map.of();
        }
    }

    private void catalogChanged() {
        carriers = ServiceTag.carriers(catalog.entries().keySet());
        notifyUsers(catalogUsers);
        if (catalog.responded()) {
            shared.catalogResponded(catalog.state().status().index(), catalog.doubtful());
        }
    }

    @Override
    public Set<String> carriers(String tag) {
        return carriers.getOrDefault(tag, Set.of());
    }

    @Override
    public Set<String> carriers(Predicate<String> tag) {
        Set<String> found = new HashSet<>();
        carriers.forEach((each, of) -> {
            if (!each.isEmpty() && tag.test(each)) {
                found.addAll(of);
            }
        });
        return found;
    }

    @Override
    public Set<String> services() {
        return carriers(NO_TAG);
    }

    @Override
    public ListView<InstanceKey, Instance> acquire(String service, Runnable user) {
        WatchedService known = services.get(service);
        if (known == null) {
            return follow(service, user);
        }
        known.users.add(user);
        return known.list;
    }

    private WatchedList<InstanceKey, Instance> follow(String service, Runnable user) {
        boolean ownConnection = alone < MOST_WATCHES;
        Set<Runnable> users = new LinkedHashSet<>();
        users.add(user);
        WatchedList<InstanceKey, Instance> list = new WatchedList<>(
                ListQuery.ofServices(INSTANCES + ConsulTransport.encoded(service)),
                ownConnection ? QueryMode.SERVICE : QueryMode.ON_DEMAND,
                new WatchedList.Retention<>(
                        context.retainFor(),
                        false,
                        instance -> instance.health() == Health.MAINTENANCE,
                        missing -> review.review(service, missing)),
                new InstancesReader()::read,
                context,
                outages,
                () -> changed(service, users));
        warmup.seed(service, list);
        if (ownConnection) {
            alone++;
        } else {
            share(service, list);
        }
        services.put(service, new WatchedService(list, ownConnection, users));
        list.start();
        return list;
    }

    private void share(String service, WatchedList<InstanceKey, Instance> list) {
        if (!shared.isActive()) {
            LOG.info(
                    "More than {} services are followed: the further ones share their connections to Consul",
                    MOST_WATCHES);
        }
        shared.add(service, list);
    }

    private void changed(String service, Set<Runnable> users) {
        WatchedService followed = services.get(service);
        if (followed != null) {
            warmup.store(service, followed.list);
            probes.changed(followed.list);
        }
        notifyUsers(users);
    }

    /** Notifies a copy of the users, because a user may acquire and release meanwhile. */
    private static void notifyUsers(Set<Runnable> users) {
        List.copyOf(users).forEach(Runnable::run);
    }

    @Override
    public void release(String service, Runnable user) {
        WatchedService followed = services.get(service);
        if (followed != null && followed.users.remove(user) && followed.users.isEmpty()) {
            services.remove(service);
            followed.list.close();
            probes.forget(followed.list);
            if (followed.alone) {
                alone--;
            }
            shared.remove(service);
            warmup.remove(service);
        }
    }

    @Override
    public List<ListView<?, ?>> common() {
        List<ListView<?, ?>> lists = new ArrayList<>();
        lists.add(catalog);
        lists.addAll(shared.lists());
        return lists;
    }

    @Override
    public boolean hasUnusedCache() {
        return !warmup.isUsedUp();
    }

    /** Sends the queries again that have been silent for longer than should be possible. */
    public void restartIfStuck() {
        if (!catalogUsers.isEmpty()) {
            catalog.restartIfStuck();
            shared.restartIfStuck();
            services.values().forEach(followed -> followed.list.restartIfStuck());
        }
    }

    /** Removes nothing from the cache from here on; to be called before everything is released at the end. Any thread. */
    public void freezeCache() {
        warmup.freeze();
    }

    /** Ends what no {@code release} ends. */
    public void close() {
        shared.close();
        probes.close();
    }
}

package dev.pointsman.registry.consul;

import dev.pointsman.registry.Instance;
import dev.pointsman.registry.InstanceKey;
import dev.pointsman.registry.Registry;
import dev.pointsman.registry.ServiceView;
import dev.pointsman.registry.Watch;
import dev.pointsman.registry.cache.ServiceMemory;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows services in Consul by blocking queries, so that a change is known some milliseconds after Consul knows it.
 *
 * <p>One query watches the catalog (which services carry which tags), and one each service that a target needs: the
 * service of the target's name, always, and the services that carry the target as a tag. All instances are asked for;
 * health and tags are judged here. Any Consul server may answer ({@code ?stale}), so watching works without a leader.
 *
 * <p>Each such query holds one connection, so at most {@value ConsulHttp#MOST_WATCHES} services have one. The further ones
 * are asked for when a query for all checks, or the catalog's, says that something about them changed, see
 * {@link Triggers}; at most {@value ConsulHttp#MOST_CONNECTIONS} connections serve any number of services. There are no
 * threads of its own: everything, listeners included, runs on one Vert.x context, the caller's or a new one.
 *
 * @see <a href="https://developer.hashicorp.com/consul/api-docs/features/blocking">Consul: Blocking Queries</a>
 */
public final class ConsulRegistry implements Registry {
    /** How long Consul may take for the first view before one that is remembered will do; on a network it takes a few ms. */
    private static final Duration PATIENCE = Duration.ofMillis(250);

    private static final Logger LOG = LoggerFactory.getLogger(ConsulRegistry.class);

    private final Context context;
    private final Tools tools;
    private final Outages outages;
    private final SharedFeeds services = new SharedFeeds(this::feedOf, this::unneeded);
    private final Recollection recollection;
    /** The services with a connection of their own. */
    private final Set<String> alone = new HashSet<>();

    private final Triggers triggers;

    private final Set<TargetWatch> targets = new LinkedHashSet<>();
    private final long watchdog;

    private Feed<ServiceTag, ServiceTag> catalog;
    private Map<String, Set<String>> carriers = Map.of();
    private volatile boolean closed;

    /**
     * Nothing is asked before the first watch.
     *
     * @param vertx what everything runs on; it stays the caller's to close, after this
     * @param address where Consul is
     * @param options how to watch
     */
    public ConsulRegistry(Vertx vertx, ConsulAddress address, ConsulWatchOptions options) {
        this(vertx, address, options, ServiceMemory.NONE);
    }

    /**
     * Nothing is asked before the first watch.
     *
     * @param memory what an earlier process knew, for the time until Consul answers; it is told what Consul says. It stays
     *     the caller's to end, after this
     */
    public ConsulRegistry(Vertx vertx, ConsulAddress address, ConsulWatchOptions options, ServiceMemory memory) {
        this(
                address.url(),
                new Tools(
                        vertx,
                        new ConsulHttp(vertx, address),
                        options,
                        Clock.systemUTC(),
                        System::nanoTime,
                        RandomGenerator.getDefault()),
                memory);
    }

    /** For tests: with tools of their own. */
    ConsulRegistry(String url, Tools tools, ServiceMemory memory) {
        this.tools = tools;
        this.recollection = new Recollection(memory);
        this.triggers = new Triggers(tools, this::newChecks);
        this.context = tools.vertx().getOrCreateContext();
        this.outages = new Outages(url, tools.nanoTime(), this::warn, LOG::info);
        this.catalog = newCatalog();
        if (!recollection.isEmpty()) {
            recollection.recallCatalog(catalog);
            carriers = ServiceTag.carriers(catalog.view().keySet());
        }
        this.watchdog = tools.vertx()
                .setPeriodic(
                        tools.options().blockFor().toMillis(), fired -> context.runOnContext(v -> restartTheStuck()));
    }

    /**
     * {@inheritDoc}
     *
     * <p>The listener is called on the registry's context. After {@link Watch#close()} it is not called any more, but a
     * call that is under way in that moment goes on to its end.
     *
     * @throws IllegalArgumentException if the target is blank
     * @throws IllegalStateException if the registry is closed
     */
    @Override
    public Watch watch(String target, Consumer<ServiceView> listener) {
        if (target.isBlank()) {
            throw new IllegalArgumentException("target: '" + target + "' (expected: a tag or a service's name)");
        }
        if (closed) {
            throw new IllegalStateException("The watch of " + target + " came after the registry was closed");
        }
        TargetWatch watch = new TargetWatch(target, listener, this);
        context.runOnContext(v -> begin(watch));
        return watch;
    }

    /** Ends every watch; idempotent. Their requests and connections are given up in the background. */
    @Override
    public void close() {
        closed = true;
        onContext(() -> {
            tools.vertx().cancelTimer(watchdog);
            List.copyOf(targets).forEach(this::end);
            triggers.close();
            tools.asker().close();
        });
    }

    /** A watch was closed by its owner. */
    void ended(TargetWatch watch) {
        onContext(() -> end(watch));
    }

    SharedFeeds services() {
        return services;
    }

    /** The queries that every watch depends on. */
    List<Feed<?, ?>> shared() {
        Feed<CheckKey, Long> checks = triggers.checks();
        return checks == null ? List.of(catalog) : List.of(catalog, checks);
    }

    Feed<ServiceTag, ServiceTag> catalog() {
        return catalog;
    }

    /** The services that carry the tag, as far as the catalog says by now. */
    Set<String> carriers(String tag) {
        return carriers.getOrDefault(tag, Set.of());
    }

    Instant now() {
        return tools.clock().instant();
    }

    private void onContext(Runnable action) {
        try {
            context.runOnContext(v -> action.run());
        } catch (RejectedExecutionException e) {
            LOG.debug("Vert.x was closed before its registry client, and has freed all that there was to free", e);
        }
    }

    private void begin(TargetWatch watch) {
        if (closed || watch.isClosed()) {
            watch.releaseAll();
            return;
        }
        if (targets.isEmpty()) {
            catalog.start();
        }
        targets.add(watch);
        watch.refresh();
        if (!recollection.isEmpty() || watch.isUnverified()) {
            tools.vertx().setTimer(PATIENCE.toMillis(), late -> watch.makeDo());
        }
    }

    private void end(TargetWatch watch) {
        watch.releaseAll();
        if (targets.remove(watch) && targets.isEmpty()) {
            catalog.close();
            catalog = newCatalog();
            carriers = Map.of();
        }
    }

    private Feed<ServiceTag, ServiceTag> newCatalog() {
        return new Feed<>(
                "/v1/catalog/services", QueryManner.WATCH, ServiceTag::read, tools, outages, feed -> catalogChanged());
    }

    private void catalogChanged() {
        Map<String, Set<String>> before = carriers;
        carriers = ServiceTag.carriers(catalog.view().keySet());
        for (TargetWatch watch : List.copyOf(targets)) {
            // The catalog changes with every instance that comes or goes; nearly always that is nothing to nearly all.
            if (!watch.hasBegun() || !carriers(watch.target()).equals(before.getOrDefault(watch.target(), Set.of()))) {
                watch.refresh();
            }
        }
        if (catalog.answered()) {
            triggers.catalogAnswered(catalog.state().status().index(), catalog.doubtful());
        }
    }

    private Feed<CheckKey, Long> newChecks() {
        LOG.info(
                "More than {} services are followed: the further ones share their connections to Consul",
                ConsulHttp.MOST_WATCHES);
        return new Feed<>(
                Triggers.CHECKS,
                QueryManner.HEAVY_WATCH,
                new CheckKey.Reader(),
                tools,
                outages,
                feed -> triggers.checksAnswered(feed));
    }

    private Feed<InstanceKey, Instance> feedOf(String service, Runnable changed) {
        boolean ownWatch = alone.size() < ConsulHttp.MOST_WATCHES;
        Feed<InstanceKey, Instance> feed = new Feed<>(
                "/v1/health/service/" + ConsulHttp.segment(service),
                ownWatch ? QueryManner.WATCH : QueryManner.ON_DEMAND,
                new ServiceReader(),
                tools,
                outages,
                changedFeed -> {
                    recollection.remember(service, changedFeed);
                    changed.run();
                });
        recollection.recall(service, feed);
        if (ownWatch) {
            alone.add(service);
        } else {
            triggers.add(service, feed);
        }
        return feed;
    }

    private void unneeded(String service) {
        alone.remove(service);
        triggers.remove(service);
        // When everything ends, what is known is just what the next process may need.
        if (!closed) {
            recollection.forget(service);
        }
    }

    private void warn(String sentence) {
        // On the way down, with the client or all of Vert.x closed under the watches, no loss is news.
        if (!closed) {
            LOG.warn(sentence);
        }
    }

    private void restartTheStuck() {
        if (!targets.isEmpty()) {
            shared().forEach(Feed::restartIfStuck);
            services.forEach(Feed::restartIfStuck);
        }
    }
}

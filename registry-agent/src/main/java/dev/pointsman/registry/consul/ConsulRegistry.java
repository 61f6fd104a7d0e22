package dev.pointsman.registry.consul;

import dev.pointsman.registry.CatalogSummary;
import dev.pointsman.registry.CatalogView;
import dev.pointsman.registry.Following;
import dev.pointsman.registry.KeyValueStore;
import dev.pointsman.registry.Registry;
import dev.pointsman.registry.RegistryRequests;
import dev.pointsman.registry.ServiceCatalog;
import dev.pointsman.registry.ServiceSelection;
import dev.pointsman.registry.ServiceView;
import dev.pointsman.registry.Watch;
import dev.pointsman.registry.cache.ServiceCache;
import dev.pointsman.registry.consul.internal.log.OutageLog;
import dev.pointsman.registry.consul.internal.query.WatchContext;
import dev.pointsman.registry.consul.internal.view.CatalogQuestions;
import dev.pointsman.registry.consul.internal.view.ListsWatch;
import dev.pointsman.registry.consul.internal.view.SelectionWatch;
import dev.pointsman.registry.consul.internal.view.TargetWatch;
import dev.pointsman.registry.consul.internal.view.WatchPool;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A registry client that follows services in Consul by blocking queries, so that a change is known some milliseconds after
 * Consul knows it.
 *
 * <p>One query watches the catalog (which services carry which tags), and one each service that a target needs: the
 * service of the target's name, always, and the services that carry the target as a tag. All instances are queried;
 * health and tags are judged here. Any Consul server may respond ({@code ?stale}), so watching works without a leader.
 *
 * <p>Each such query holds one connection, so at most {@value WatchPool#MOST_WATCHES} services have one. The further ones
 * are queried when the query for all checks, or the catalog's, shows that something about them changed; at most
 * {@value ConsulHttp#MOST_CONNECTIONS} connections serve any number of services. There are no threads of its own:
 * everything, listeners included, runs on one Vert.x context, the caller's or a new one. Thread-safe.
 *
 * <p>Where the address names a datacenter, all of this is about that one, and the agent's servers forward each query. A datacenter
 * that is unknown or cut off is a registry that fails like any other: the last view stays, and the log says so once.
 *
 * @see <a href="https://developer.hashicorp.com/consul/api-docs/features/blocking">Consul: Blocking Queries</a>
 */
public final class ConsulRegistry implements Registry, ServiceCatalog {
    private static final Logger LOG = LoggerFactory.getLogger(ConsulRegistry.class);

    private final String place;
    private final RegistryContext context;
    private final WatchContext watchContext;
    private final CountedTransport transport;
    private final WatchPool pool;
    private final CatalogQuestions questions;
    private final ConsulKeyValues keyValues;
    private final Set<ListsWatch<?>> watches = new LinkedHashSet<>();
    private final long watchdog;

    /**
     * Creates a client that sends nothing before the first watch.
     *
     * @param vertx what everything runs on; it stays the caller's to close, after this
     * @param address where Consul is
     * @param options how to watch
     */
    public ConsulRegistry(Vertx vertx, ConsulAddress address, ConsulWatchOptions options) {
        this(vertx, address, options, ServiceCache.NONE);
    }

    /**
     * Creates a client with a cache that sends nothing before the first watch.
     *
     * @param vertx what everything runs on; it stays the caller's to close, after this
     * @param address where Consul is
     * @param options how to watch
     * @param cache what an earlier process knew, for the time until Consul responds; what Consul lists is put into it. It stays
     *     the caller's to close, after this
     */
    public ConsulRegistry(Vertx vertx, ConsulAddress address, ConsulWatchOptions options, ServiceCache cache) {
        this(
                address.place(),
                new WatchContext(
                        vertx,
                        new ConsulHttp(vertx, address),
                        new TcpProbe(vertx),
                        options.blockFor(),
                        options.retainFor(),
                        Clock.systemUTC(),
                        System::nanoTime,
                        RandomGenerator.getDefault()),
                cache);
    }

    /** Creates a client with given pauses and timeouts, for tests. */
    ConsulRegistry(String place, WatchContext uncounted, ServiceCache cache) {
        this.place = place;
        Vertx vertx = uncounted.vertx();
        this.transport = new CountedTransport(uncounted.transport());
        this.watchContext = uncounted.over(transport);
        this.context = new RegistryContext(vertx.getOrCreateContext());
        OutageLog outages = new OutageLog(place, watchContext.nanoTime(), this::warn, LOG::info);
        this.pool = new WatchPool(watchContext, outages, cache);
        this.questions = new CatalogQuestions(place, watchContext.transport());
        this.keyValues = new ConsulKeyValues(place, context, watchContext, outages);
        this.watchdog = vertx.setPeriodic(
                watchContext.blockFor().toMillis(),
                fired -> context.run(() -> {
                    pool.restartIfStuck();
                    keyValues.restartIfStuck();
                }));
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
        context.requireOpen(target);
        TargetWatch watch = new TargetWatch(target, listener, pool, watchContext, this::closing);
        context.run(() -> begin(watch));
        return watch;
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalStateException if the registry is closed
     */
    @Override
    public Following<CatalogView> follow(ServiceSelection selection, Consumer<CatalogView> listener) {
        context.requireOpen(selection.name());
        SelectionWatch watch = new SelectionWatch(selection, listener, pool, watchContext, this::closing);
        context.run(() -> begin(watch));
        return watch;
    }

    @Override
    public CompletionStage<CatalogSummary> services() {
        return context.ask(questions::services);
    }

    @Override
    public CompletionStage<String> datacenter() {
        return context.ask(questions::datacenter);
    }

    /** Consul's keys and values; they end with this registry. Each watch holds one more connection. */
    public KeyValueStore keyValues() {
        return keyValues;
    }

    /** What Consul was asked for so far: every kind of request once, on any thread. */
    public List<RegistryRequests> requests() {
        return transport.counted();
    }

    /** Ends every watch; idempotent. Their requests and connections are given up in the background. */
    @Override
    public void close() {
        context.close();
        pool.freezeCache();
        context.run(() -> {
            watchContext.vertx().cancelTimer(watchdog);
            List.copyOf(watches).forEach(this::end);
            keyValues.close();
            pool.close();
            watchContext.transport().close();
        });
    }

    /** {@code Consul at} and the URL, with the datacenter where one was named: how sentences begin that are about it. */
    @Override
    public String toString() {
        return "Consul at " + place;
    }

    private void closing(ListsWatch<?> watch) {
        context.run(() -> end(watch));
    }

    private void begin(ListsWatch<?> watch) {
        if (context.isClosed()) {
            watch.end();
            return;
        }
        watches.add(watch);
        watch.begin();
    }

    private void end(ListsWatch<?> watch) {
        watch.end();
        watches.remove(watch);
    }

    private void warn(String sentence) {
        // On the way down, with the client or all of Vert.x closed under the watches, no loss is news.
        if (!context.isClosed()) {
            LOG.warn(sentence);
        }
    }
}

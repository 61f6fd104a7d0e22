package dev.pointsman.registry.consul;

import dev.pointsman.registry.Instance;
import dev.pointsman.registry.InstanceKey;
import dev.pointsman.registry.Registry;
import dev.pointsman.registry.RegistryException;
import dev.pointsman.registry.ServiceView;
import dev.pointsman.registry.Watch;
import dev.pointsman.registry.kept.KeptService;
import dev.pointsman.registry.kept.ServiceMemory;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
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
 * <p>Each query holds one connection, so this is for at most {@value ConsulHttp#MOST_CONNECTIONS} of them; beyond that
 * they take turns and changes are seen late, which is logged. There are no threads of its own: everything, listeners
 * included, runs on one Vert.x context, the caller's or a new one.
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
    private final ServiceMemory memory;
    /** What an earlier process knew, of services that were not asked for since. */
    private final Map<String, KeptService> recalled;

    private final Set<TargetWatch> targets = new LinkedHashSet<>();
    private final long watchdog;

    private Feed<ServiceTag, ServiceTag> catalog;
    private Map<String, Set<String>> carriers = Map.of();
    private boolean crowded;
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
        this.memory = memory;
        this.recalled = new HashMap<>(memory.recalled());
        this.context = tools.vertx().getOrCreateContext();
        this.outages = new Outages(url, tools.nanoTime(), this::warn, LOG::info);
        this.catalog = newCatalog();
        recallCatalog();
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
        tools.vertx().setTimer(PATIENCE.toMillis(), late -> watch.makeDo());
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
        return new Feed<>("/v1/catalog/services", ServiceTag::read, tools, outages, feed -> catalogChanged());
    }

    private void catalogChanged() {
        carriers = ServiceTag.carriers(catalog.view().keySet());
        List.copyOf(targets).forEach(TargetWatch::refresh);
    }

    private Feed<InstanceKey, Instance> feedOf(String service, Runnable changed) {
        if (!crowded && services.size() + 2 > ConsulHttp.MOST_CONNECTIONS) {
            crowded = true;
            LOG.warn(
                    "More services are watched than there are connections to Consul ({}): changes will be seen late",
                    ConsulHttp.MOST_CONNECTIONS);
        }
        String path = "/v1/health/service/" + ConsulHttp.segment(service);
        KeptService kept = recalled.remove(service);
        Feed<InstanceKey, Instance> feed = new Feed<>(path, new ServiceReader(), tools, outages, changedFeed -> {
            remember(service, changedFeed);
            changed.run();
        });
        if (kept != null) {
            feed.recall(ServiceReader.byKey(kept.instances()), kept.index());
        }
        return feed;
    }

    private void remember(String service, Feed<InstanceKey, Instance> feed) {
        if (feed.answered()) {
            memory.note(service, feed.view().values(), feed.state().status().index());
        }
    }

    private void unneeded(String service) {
        // When everything ends, what is known is just what the next process may need.
        if (!closed) {
            memory.forget(service);
        }
    }

    /** The catalog too may have lost its memory since; its index is not behind that of any instance. */
    private void recallCatalog() {
        if (recalled.isEmpty()) {
            return;
        }
        long index = recalled.values().stream()
                .map(KeptService::index)
                .max(Long::compareUnsigned)
                .orElse(0L);
        catalog.recall(ServiceTag.of(recalled), index);
        carriers = ServiceTag.carriers(catalog.view().keySet());
    }

    private void warn(String sentence) {
        // On the way down, with the client or all of Vert.x closed under the watches, no loss is news.
        if (!closed) {
            LOG.warn(sentence);
        }
    }

    private void restartTheStuck() {
        if (!targets.isEmpty()) {
            catalog.restartIfStuck();
            services.forEach(Feed::restartIfStuck);
        }
    }

    /** Reads the answers for one service, and says of each odd instance once that it is left out. */
    private static final class ServiceReader implements Feed.Reader<InstanceKey, Instance> {
        private final Once oddities =
                new Once(sentence -> LOG.warn("An instance in Consul cannot be used: {}", sentence));

        @Override
        public Map<InstanceKey, Instance> read(Buffer body) throws RegistryException {
            ConsulJson.Instances answer = ConsulJson.instances(body.getBytes());
            oddities.say(answer.oddities());
            return byKey(answer.instances());
        }

        static Map<InstanceKey, Instance> byKey(List<Instance> instances) {
            Map<InstanceKey, Instance> byKey = new LinkedHashMap<>();
            instances.forEach(instance -> byKey.put(instance.key(), instance));
            return byKey;
        }
    }
}

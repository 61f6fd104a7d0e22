package dev.pointsman.registry.consul;

import dev.pointsman.registry.Registry;
import dev.pointsman.registry.ServiceView;
import dev.pointsman.registry.cache.ServiceCache;
import dev.pointsman.registry.consul.internal.query.WatchContext;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * A rehearsal of changes: a registry client follows a Consul that is made up, in which an instance comes and goes some hundred times
 * within half a minute. What lies between a response and a listener runs so rarely in a process's life that it would
 * be interpreted in most of the changes that it is there for: with this it is compiled when the first real one comes.
 */
public final class ChangeRehearsal implements AutoCloseable {
    /** So many that the first compiler has taken what is called once a change, with something to spare. */
    static final int CHANGES = 300;

    /** Each takes some milliseconds while it is interpreted: more often they would take a tenth of a core from the first clients. */
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final RehearsedConsul consul;
    private final Registry registry;

    private ChangeRehearsal(RehearsedConsul consul, Registry registry) {
        this.consul = consul;
        this.registry = registry;
    }

    /**
     * Begins on the loop of a Vert.x instance that has one; ends by itself.
     *
     * @param listener gets the views, as that of a real {@link Registry#watch} would
     */
    public static ChangeRehearsal begin(Vertx vertx, Consumer<ServiceView> listener) {
        return begin(vertx, CHANGES, PAUSE, listener);
    }

    /** Begins with so many changes, and such a pause between two of them. */
    static ChangeRehearsal begin(Vertx vertx, int changes, Duration pause, Consumer<ServiceView> listener) {
        RehearsedConsul consul = new RehearsedConsul(vertx, changes, pause);
        Registry registry = new ConsulRegistry(
                "a rehearsal",
                new WatchContext(
                        vertx,
                        consul,
                        (host, port) -> Future.succeededFuture(true),
                        // So that none of its queries is over before it is.
                        Duration.ofMinutes(10),
                        Duration.ZERO,
                        Clock.systemUTC(),
                        System::nanoTime,
                        RandomGenerator.getDefault()),
                ServiceCache.NONE);
        var unused = registry.watch(RehearsedConsul.SERVICE, listener);
        ChangeRehearsal rehearsal = new ChangeRehearsal(consul, registry);
        consul.whenOver(rehearsal::close);
        return rehearsal;
    }

    /** Ends it, if it is not over. Idempotent. */
    @Override
    public void close() {
        consul.close();
        registry.close();
    }
}

package dev.pointsman.registry.consul;

import dev.pointsman.registry.cache.ServiceCache;
import dev.pointsman.registry.consul.internal.query.AnswerProbe;
import dev.pointsman.registry.consul.internal.query.ConsulTransport;
import dev.pointsman.registry.consul.internal.query.WatchContext;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Clock;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Registries that do not wait as long for Consul as they would elsewhere. */
final class HurriedRegistry {
    private static final long LONGEST_PAUSE_NANOS = Duration.ofMillis(20).toNanos();

    /** The memory for responses: a MiB for each. */
    private static final ReadBudget SMALL = new ReadBudget(1 << 20, 1 << 21);

    private HurriedRegistry() {}

    /** One whose pauses after failures are at most 20 ms, where others pause for up to seconds. */
    static ConsulRegistry withShortPauses(Vertx vertx, ConsulAddress address, ConsulWatchOptions options) {
        return with(vertx, address, options, (host, port) -> Future.succeededFuture(true), ServiceCache.NONE);
    }

    /** As {@link #withShortPauses}, with the given way to find out whether a retained instance answers. */
    static ConsulRegistry with(
            Vertx vertx, ConsulAddress address, ConsulWatchOptions options, AnswerProbe probe, ServiceCache cache) {
        return of(vertx, address.place(), new ConsulHttp(vertx, address, SMALL), options, probe, cache);
    }

    /** As {@link #withShortPauses}, and it gives a request up after this timeout. */
    static ConsulRegistry withTimeout(
            Vertx vertx, ConsulAddress address, ConsulWatchOptions options, Duration timeout) {
        ConsulTransport http = new ConsulHttp(vertx, address);
        return of(
                vertx,
                address.place(),
                new ConsulTransport() {
                    @Override
                    public @Nullable String datacenter() {
                        return http.datacenter();
                    }

                    @Override
                    public ConsulCall get(String pathAndQuery, Duration longer) {
                        return http.get(pathAndQuery, timeout);
                    }

                    @Override
                    public ConsulCall put(String pathAndQuery, Buffer content, Duration longer) {
                        return http.put(pathAndQuery, content, timeout);
                    }

                    @Override
                    public ConsulCall delete(String pathAndQuery, Duration longer) {
                        return http.delete(pathAndQuery, timeout);
                    }

                    @Override
                    public Future<Void> knock(Duration longer) {
                        return http.knock(timeout);
                    }

                    @Override
                    public void reconnect() {
                        http.reconnect();
                    }

                    @Override
                    public void close() {
                        http.close();
                    }
                },
                options,
                (host, port) -> Future.succeededFuture(true),
                ServiceCache.NONE);
    }

    private static ConsulRegistry of(
            Vertx vertx,
            String place,
            ConsulTransport transport,
            ConsulWatchOptions options,
            AnswerProbe probe,
            ServiceCache cache) {
        return new ConsulRegistry(
                place,
                new WatchContext(
                        vertx,
                        transport,
                        probe,
                        options.blockFor(),
                        options.retainFor(),
                        Clock.systemUTC(),
                        System::nanoTime,
                        new ShortPauses()),
                cache);
    }

    private static final class ShortPauses implements RandomGenerator {
        @Override
        public long nextLong() {
            throw new UnsupportedOperationException();
        }

        @Override
        public long nextLong(long bound) {
            return Math.min(bound - 1, LONGEST_PAUSE_NANOS);
        }
    }
}

package dev.pointsman.client.internal.follow;

import dev.pointsman.registry.Instance;
import dev.pointsman.registry.Registry;
import dev.pointsman.registry.cache.CachedService;
import dev.pointsman.registry.cache.FileServiceCache;
import dev.pointsman.registry.cache.ServiceCache;
import dev.pointsman.registry.consul.ConsulAddress;
import dev.pointsman.registry.consul.ConsulRegistry;
import dev.pointsman.registry.consul.ConsulWatchOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A share in a registry client. All clients of a process that follow the same registry share one, with its watches, so that a
 * service is watched once however many clients there are. The last share that is returned closes it. Thread-safe.
 */
public final class RegistryLease {
    private static final Map<Key, Shared> SHARED = new HashMap<>();

    private final Key key;
    private final Shared shared;
    private boolean returned;

    private RegistryLease(Key key, Shared shared) {
        this.key = key;
        this.shared = shared;
    }

    private record Key(ConsulAddress consul, @Nullable Path viewFile) {}

    /** A registry client with an event loop of its own, apart from those that carry requests. */
    private static final class Shared {
        private final Vertx vertx;
        private final Registry registry;
        private final @Nullable FileServiceCache cache;
        private int leases;

        Shared(Key key) {
            vertx = Vertx.vertx(new VertxOptions()
                    .setEventLoopPoolSize(1)
                    .setWorkerPoolSize(1)
                    .setInternalBlockingPoolSize(1)
                    .setFileSystemOptions(
                            new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
            cache = key.viewFile() == null
                    ? null
                    : FileServiceCache.open(key.viewFile(), key.consul().scope());
            registry = new ConsulRegistry(
                    vertx,
                    key.consul(),
                    ConsulWatchOptions.DEFAULT,
                    cache == null ? ServiceCache.NONE : keeping(cache));
        }

        Future<Void> close() {
            registry.close();
            Future<Void> written = cache == null ? Future.succeededFuture() : Future.fromCompletionStage(cache.end());
            return written.compose(done -> vertx.close());
        }
    }

    /** A cache in which a service stays when nobody follows it any more: most often because the process ends, client by client. */
    private static ServiceCache keeping(ServiceCache cache) {
        return new ServiceCache() {
            @Override
            public Map<String, CachedService> cached() {
                return cache.cached();
            }

            @Override
            public void put(String service, Collection<Instance> instances, long index) {
                cache.put(service, instances, index);
            }

            @Override
            public void remove(String service) {}
        };
    }

    /**
     * Takes a share; to be given back by {@link #giveBack}. The first share of a registry reads the file, and blocks for that.
     *
     * @param viewFile where the registry's services are kept for the next process; null for nowhere
     */
    public static RegistryLease take(ConsulAddress consul, @Nullable Path viewFile) {
        Key key = new Key(consul, viewFile == null ? null : viewFile.toAbsolutePath());
        synchronized (SHARED) {
            Shared shared = SHARED.computeIfAbsent(key, Shared::new);
            shared.leases++;
            return new RegistryLease(key, shared);
        }
    }

    public Registry registry() {
        return shared.registry;
    }

    /** Returns the share; completes when what nobody needs any more is closed. Idempotent. */
    public Future<Void> giveBack() {
        synchronized (SHARED) {
            if (returned) {
                return Future.succeededFuture();
            }
            returned = true;
            shared.leases--;
            if (shared.leases > 0) {
                return Future.succeededFuture();
            }
            SHARED.remove(key);
        }
        return shared.close();
    }
}

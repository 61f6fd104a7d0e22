package dev.pointsman.balancer;

import dev.pointsman.balancer.config.BalancerConfig;
import dev.pointsman.registry.KeyValueStore;
import dev.pointsman.registry.Registry;
import dev.pointsman.registry.RegistryRequests;
import dev.pointsman.registry.ServiceCatalog;
import dev.pointsman.registry.ServiceView;
import dev.pointsman.registry.cache.FileServiceCache;
import dev.pointsman.registry.cache.KnownServices;
import dev.pointsman.registry.cache.ServiceCache;
import dev.pointsman.registry.consul.ChangeRehearsal;
import dev.pointsman.registry.consul.ConsulRegistry;
import dev.pointsman.registry.consul.ConsulWatchOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The connection of a balancer to its registry, with what an earlier process has written down of it. Thread-safe. */
final class RegistryConnection {
    private final Vertx control;
    private volatile @Nullable FileServiceCache cache;
    private volatile @Nullable KnownServices known;
    private volatile @Nullable ConsulRegistry registry;
    private volatile @Nullable ChangeRehearsal rehearsal;

    /** @param control whose loop and worker threads speak with the registry */
    RegistryConnection(Vertx control) {
        this.control = control;
    }

    /**
     * Reads the cache file, if there is to be one, and connects: from then on there is a registry.
     *
     * @param inherited what another process knew, as {@link #known} gives it; null for none
     */
    Future<Void> open(BalancerConfig config, @Nullable String inherited) {
        return readCache(config).map(file -> {
            KnownServices services =
                    KnownServices.over(file, inherited, config.consul().scope());
            known = services;
            registry = new ConsulRegistry(
                    control,
                    config.consul(),
                    new ConsulWatchOptions(ConsulWatchOptions.DEFAULT.blockFor(), config.retain()),
                    services);
            return null;
        });
    }

    private Future<ServiceCache> readCache(BalancerConfig config) {
        Path file = config.viewFile();
        if (file == null) {
            return Future.succeededFuture(ServiceCache.NONE);
        }
        return control.executeBlocking(() -> {
            FileServiceCache opened =
                    FileServiceCache.open(file, config.consul().scope());
            cache = opened;
            return opened;
        });
    }

    /**
     * Has changes rehearsed that never were, from their response on, so that real ones do not find interpreted code; on the loop.
     *
     * @param listener gets their views
     */
    void rehearse(Consumer<ServiceView> listener) {
        rehearsal = ChangeRehearsal.begin(control, listener);
    }

    /** The instances that the registry lists. */
    Registry instances() {
        return connected();
    }

    /** The services that the registry has. */
    ServiceCatalog services() {
        return connected();
    }

    /** The registry's keys and values. */
    KeyValueStore keyValues() {
        return connected().keyValues();
    }

    /** What the registry was asked for so far; nothing before there is a connection. */
    List<RegistryRequests> requests() {
        ConsulRegistry open = registry;
        return open == null ? List.of() : open.requests();
    }

    private ConsulRegistry connected() {
        return Objects.requireNonNull(registry, "the registry is connected to first");
    }

    /** What the registry last said, for {@link #open} of another process. */
    String known() {
        KnownServices services = known;
        return services == null ? "" : services.toText();
    }

    /** Leaves the cache file to another process. */
    void leaveCache() {
        cache = null;
    }

    /** Ends all watches. */
    void close() {
        ChangeRehearsal rehearsing = rehearsal;
        if (rehearsing != null) {
            rehearsing.close();
        }
        ConsulRegistry open = registry;
        if (open != null) {
            open.close();
        }
    }

    /** Writes down what is known; when nothing follows the registry any more. */
    Future<Void> writeCache() {
        FileServiceCache opened = cache;
        return opened == null ? Future.succeededFuture() : Future.fromCompletionStage(opened.end());
    }
}

package dev.pointsman.registry.cache;

import dev.pointsman.registry.Instance;
import dev.pointsman.registry.cache.CacheFileFormat.UnusableException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a process knows of services, to be handed on to another that takes its place while the registry may be down; beside
 * another cache, which is told everything too. Thread-safe; no call blocks.
 */
public final class KnownServices implements ServiceCache {
    private static final Logger log = LoggerFactory.getLogger(KnownServices.class);

    private final ServiceCache beside;
    private final String registry;
    private final Clock clock;
    private final Map<String, CachedService> cached;
    private final Map<String, CachedService> services;

    KnownServices(ServiceCache beside, Map<String, CachedService> inherited, String registry, Clock clock) {
        this.beside = beside;
        this.registry = registry;
        this.clock = clock;
        Map<String, CachedService> all = new LinkedHashMap<>(beside.cached());
        all.putAll(inherited);
        this.cached = Map.copyOf(all);
        this.services = new LinkedHashMap<>(all);
    }

    /**
     * Begins with what another cache knows, and with what was handed on, which is newer.
     *
     * @param inherited a {@link #toText}; null or empty for none
     * @param registry which registry it has to be about, as {@code ConsulAddress.scope()}
     */
    public static KnownServices over(ServiceCache beside, @Nullable String inherited, String registry) {
        Map<String, CachedService> known = Map.of();
        if (inherited != null && !inherited.isEmpty()) {
            try {
                known = CacheFileFormat.read(inherited.getBytes(StandardCharsets.UTF_8), registry);
            } catch (UnusableException unusable) {
                log.warn("what the other process knew of services {}: starting without it", unusable.why());
            }
        }
        return new KnownServices(beside, known, registry, Clock.systemUTC());
    }

    @Override
    public Map<String, CachedService> cached() {
        return cached;
    }

    @Override
    public void put(String service, Collection<Instance> instances, long index) {
        beside.put(service, instances, index);
        Instant now = clock.instant();
        synchronized (services) {
            services.put(service, new CachedService(List.copyOf(instances), index, now));
        }
    }

    @Override
    public void remove(String service) {
        beside.remove(service);
        synchronized (services) {
            services.remove(service);
        }
    }

    /** All that is known and not too old, for {@link #over} of another process. */
    public String toText() {
        Map<String, CachedService> all;
        Instant now = clock.instant();
        synchronized (services) {
            all = new LinkedHashMap<>(services);
        }
        all.values().removeIf(service -> CacheFile.isOld(service, now));
        return new String(CacheFileFormat.write(registry, all), StandardCharsets.UTF_8);
    }
}

package dev.pointsman.registry.consul;

import dev.pointsman.registry.Following;
import dev.pointsman.registry.KeyValueStore;
import dev.pointsman.registry.KvEntry;
import dev.pointsman.registry.KvView;
import dev.pointsman.registry.consul.internal.kv.KvPath;
import dev.pointsman.registry.consul.internal.kv.KvRequests;
import dev.pointsman.registry.consul.internal.kv.KvWatch;
import dev.pointsman.registry.consul.internal.log.OutageLog;
import dev.pointsman.registry.consul.internal.query.WatchContext;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** Consul's keys and values, on the context and the connections of the registry that made it. */
final class ConsulKeyValues implements KeyValueStore {
    private final RegistryContext context;
    private final WatchContext watchContext;
    private final OutageLog outages;
    private final KvRequests requests;
    private final Set<KvWatch> watches = new LinkedHashSet<>();

    ConsulKeyValues(String place, RegistryContext context, WatchContext watchContext, OutageLog outages) {
        this.context = context;
        this.watchContext = watchContext;
        this.outages = outages;
        this.requests = new KvRequests(place, watchContext.transport());
    }

    @Override
    public Following<KvView> watchPrefix(String prefix, Consumer<KvView> listener) {
        return watch(KvPath.of(prefix), true, listener);
    }

    @Override
    public Following<KvView> watchKey(String key, Consumer<KvView> listener) {
        return watch(KvPath.of(key), false, listener);
    }

    private Following<KvView> watch(KvPath path, boolean wholePrefix, Consumer<KvView> listener) {
        context.requireOpen(path.key());
        KvWatch watch = new KvWatch(
                path,
                wholePrefix,
                listener,
                requests,
                watchContext,
                outages,
                closing -> context.run(() -> end(closing)));
        context.run(() -> begin(watch));
        return watch;
    }

    private void begin(KvWatch watch) {
        if (context.isClosed()) {
            watch.end();
        } else {
            watches.add(watch);
            watch.begin();
        }
    }

    private void end(KvWatch watch) {
        watch.end();
        watches.remove(watch);
    }

    @Override
    public CompletionStage<Optional<KvEntry>> get(String key) {
        KvPath path = KvPath.of(key);
        return context.ask(() -> requests.get(path));
    }

    @Override
    public CompletionStage<Void> put(String key, byte[] value) {
        KvPath path = KvPath.of(key);
        byte[] copy = value.clone();
        return context.ask(() -> requests.put(path, copy, null).mapEmpty());
    }

    @Override
    public CompletionStage<Boolean> putIf(String key, byte[] value, long modifyIndex) {
        KvPath path = KvPath.of(key);
        byte[] copy = value.clone();
        return context.ask(() -> requests.put(path, copy, modifyIndex));
    }

    @Override
    public CompletionStage<Boolean> deleteIf(String key, long modifyIndex) {
        KvPath path = KvPath.of(key);
        return context.ask(() -> requests.delete(path, modifyIndex));
    }

    /** See {@link KvWatch#restartIfStuck}; on the context. */
    void restartIfStuck() {
        watches.forEach(KvWatch::restartIfStuck);
    }

    /** Ends every watch; on the context. */
    void close() {
        List.copyOf(watches).forEach(this::end);
    }
}

package dev.pointsman.registry.consul;

import dev.pointsman.registry.RegistryRequests;
import dev.pointsman.registry.consul.internal.query.ConsulTransport;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A transport that counts what goes through it: so that the load on a Consul that many ask can be told from each of them. The
 * counts may be read on any thread.
 */
final class CountedTransport implements ConsulTransport {
    private enum RequestKind {
        INSTANCES("/v1/health/service/"),
        CHECKS("/v1/health/state/"),
        CATALOG("/v1/catalog/services"),
        KEYS("/v1/kv/"),
        KNOCK(null),
        OTHER("");

        /** What its paths begin with; null where it has none. */
        private final @Nullable String prefix;

        RequestKind(@Nullable String prefix) {
            this.prefix = prefix;
        }

        static RequestKind of(String path) {
            for (RequestKind kind : values()) {
                if (kind.prefix != null && path.startsWith(kind.prefix)) {
                    return kind;
                }
            }
            return OTHER;
        }
    }

    private record Count(AtomicLong requests, AtomicLong received) {}

    private final ConsulTransport transport;
    private final Map<RequestKind, Count> counts;

    CountedTransport(ConsulTransport transport) {
        this.transport = transport;
        Map<RequestKind, Count> all = new EnumMap<>(RequestKind.class);
        for (RequestKind kind : RequestKind.values()) {
            all.put(kind, new Count(new AtomicLong(), new AtomicLong()));
        }
        this.counts = Collections.unmodifiableMap(all);
    }

    /** What there was so far, every kind once. */
    List<RegistryRequests> counted() {
        List<RegistryRequests> all = new ArrayList<>();
        counts.forEach((kind, count) -> all.add(new RegistryRequests(
                kind.name().toLowerCase(Locale.ROOT),
                count.requests().get(),
                count.received().get())));
        return all;
    }

    private Count count(RequestKind kind) {
        Count count = counts.get(kind);
        if (count == null) {
            throw new IllegalStateException("no count of " + kind);
        }
        count.requests().incrementAndGet();
        return count;
    }

    private ConsulCall counted(String path, ConsulCall call) {
        AtomicLong received = count(RequestKind.of(path)).received();
        call.response().onSuccess(response -> received.addAndGet(response.body().length()));
        return call;
    }

    @Override
    public @Nullable String datacenter() {
        return transport.datacenter();
    }

    @Override
    public ConsulCall get(String pathAndQuery, Duration timeout) {
        return counted(pathAndQuery, transport.get(pathAndQuery, timeout));
    }

    @Override
    public ConsulCall put(String pathAndQuery, Buffer content, Duration timeout) {
        return counted(pathAndQuery, transport.put(pathAndQuery, content, timeout));
    }

    @Override
    public ConsulCall delete(String pathAndQuery, Duration timeout) {
        return counted(pathAndQuery, transport.delete(pathAndQuery, timeout));
    }

    @Override
    public Future<Void> knock(Duration timeout) {
        count(RequestKind.KNOCK);
        return transport.knock(timeout);
    }

    @Override
    public void reconnect() {
        transport.reconnect();
    }

    @Override
    public void close() {
        transport.close();
    }
}

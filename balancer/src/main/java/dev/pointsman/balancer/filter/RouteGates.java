package dev.pointsman.balancer.filter;

import dev.pointsman.balancer.route.AuthRule;
import dev.pointsman.balancer.route.RateLimitRule;
import dev.pointsman.balancer.route.RouteFilters;
import dev.pointsman.balancer.route.RouteOptions;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The maker of gates, and the owner of what they share: event loops, and tables that follow each other, count a route's
 * requests together and know the same passwords. What no gate uses any more is forgotten. Thread-safe.
 */
public final class RouteGates implements AutoCloseable {
    /** Passwords that wait to be looked at; with tens of milliseconds for each, more would wait for seconds. */
    private static final int QUEUE = 128;

    private final LongSupplier nanos;
    private final ThreadPoolExecutor workers;
    private final Map<Object, WeakReference<Object>> shared = new HashMap<>();

    /** What a limit's counting belongs to. */
    private record LimiterOf(String route, RateLimitRule rule) {}

    /** What the users of a file belong to. */
    private record PasswordsOf(String file) {}

    /**
     * Without a gate so far.
     *
     * @param nanos the clock
     */
    public RouteGates(LongSupplier nanos) {
        this.nanos = nanos;
        int threads = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        AtomicInteger count = new AtomicInteger();
        this.workers = new ThreadPoolExecutor(
                threads, threads, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(QUEUE), task -> {
                    Thread worker = new Thread(task, "pointsman-passwords-" + count.incrementAndGet());
                    worker.setDaemon(true);
                    return worker;
                });
        workers.allowCoreThreadTimeOut(true);
    }

    /** The gate of a route, or of one of its branches; null if it has no filters. */
    public @Nullable RouteGate gate(String route, RouteOptions options) {
        RouteFilters filters = options.filters();
        return filters == null
                ? null
                : new RouteGate(filters, options.path(), limiter(route, filters), passwords(filters.auth()));
    }

    private @Nullable RateLimiter limiter(String route, RouteFilters filters) {
        RateLimitRule rule = filters.rateLimit();
        return rule == null
                ? null
                : sharedBy(new LimiterOf(route, rule), RateLimiter.class, () -> new RateLimiter(rule, nanos));
    }

    private @Nullable PasswordCheck passwords(@Nullable AuthRule rule) {
        if (rule == null || rule.file().isEmpty()) {
            return null;
        }
        return sharedBy(
                new PasswordsOf(rule.file()),
                PasswordCheck.class,
                () -> new PasswordCheck(new UserFile(rule.file(), nanos), new KnownCredentials(nanos), workers));
    }

    private synchronized <T> T sharedBy(Object key, Class<T> type, Supplier<T> maker) {
        shared.values().removeIf(each -> each.get() == null);
        WeakReference<Object> there = shared.get(key);
        Object known = there == null ? null : there.get();
        if (known != null) {
            return type.cast(known);
        }
        T made = maker.get();
        shared.put(key, new WeakReference<>(made));
        return made;
    }

    /** Ends the threads that look at passwords. */
    @Override
    public void close() {
        workers.shutdownNow();
    }
}

package dev.pointsman.registry.consul.internal.query;

import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a registry's list, with those that are retained although the registry stopped listing them
 * ("self-preservation" in Eureka). What is listed no longer is gone at once, unless the response is doubtful (the registry
 * was away, or its index went backwards): a restarted registry may just have forgotten what it will be told again. Then
 * each entry that the response misses is retained: it counts until it is listed again, or until the time is over. What was
 * listed again and then removed is gone at once, as ever.
 *
 * <p>A second doubtful response does not lengthen the time of what is retained already, so that a registry behind a bad
 * line cannot keep the dead alive for ever. Not thread-safe.
 *
 * @param <K> what is listed
 * @param <V> the facts about it; those of a retained one are the last known
 */
final class SelfPreservation<K, V> {
    private record RetainedEntry<V>(V value, long until) {}

    private final Duration retainFor;
    private final LongSupplier nanoTime;
    private final Map<K, RetainedEntry<V>> retained = new HashMap<>();
    private Map<K, V> listed = Map.of();

    /** @param retainFor how long to retain an entry; zero believes every response at once */
    SelfPreservation(Duration retainFor, LongSupplier nanoTime) {
        this.retainFor = retainFor;
        this.nanoTime = nanoTime;
    }

    /** Begins with entries of an earlier process, as if they had been listed. */
    void seed(Map<K, V> cached) {
        listed = Collections.unmodifiableMap(new LinkedHashMap<>(cached));
    }

    /** Takes over a response of the registry. */
    void update(Map<K, V> response, boolean doubtful) {
        expire();
        if (doubtful && !retainFor.isZero()) {
            long until = nanoTime.getAsLong() + retainFor.toNanos();
            listed.forEach((key, value) -> retained.putIfAbsent(key, new RetainedEntry<>(value, until)));
        }
        retained.keySet().removeAll(response.keySet());
        listed = Collections.unmodifiableMap(new LinkedHashMap<>(response));
    }

    /** Drops what was retained for long enough. */
    void expire() {
        long now = nanoTime.getAsLong();
        retained.values().removeIf(entry -> entry.until - now <= 0);
    }

    /** The time until {@link #expire()} has something to do, or null when nothing is retained. */
    @Nullable
    Duration untilExpiry() {
        long now = nanoTime.getAsLong();
        return retained.values().stream()
                .map(entry -> Duration.ofNanos(Math.max(entry.until - now, 0)))
                .min(Duration::compareTo)
                .orElse(null);
    }

    /** The listed and the retained entries. */
    Map<K, V> entries() {
        if (retained.isEmpty()) {
            return listed;
        }
        Map<K, V> all = new LinkedHashMap<>(listed);
        retained.forEach((key, entry) -> all.put(key, entry.value));
        return Collections.unmodifiableMap(all);
    }

    /** The keys of what is retained. */
    Set<K> retained() {
        return Set.copyOf(retained.keySet());
    }
}

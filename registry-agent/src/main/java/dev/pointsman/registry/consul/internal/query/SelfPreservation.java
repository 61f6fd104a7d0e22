package dev.pointsman.registry.consul.internal.query;

import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a registry's list, with those that are retained although the registry stopped listing them
 * ("self-preservation" in Eureka). What is listed no longer is gone at once, unless the response is in doubt: then
 * each entry that the response misses is retained. It counts until it is listed again, is dropped ({@link #drop}), or its
 * time is over; if the doubt was none that lasts, also until a response misses it that is not in doubt. What was listed again and
 * then removed is gone at once, as ever, and so is what was about to leave anyhow.
 *
 * <p>A second doubtful response does not lengthen the time of what is retained already. Not thread-safe.
 *
 * @param <K> what is listed
 * @param <V> the facts about it; those of a retained one are the last known
 */
final class SelfPreservation<K, V> {
    private record RetainedEntry<V>(V value, long until, Doubt why) {}

    private final Duration retainFor;
    private final Predicate<V> leaving;
    private final LongSupplier nanoTime;
    private final Map<K, RetainedEntry<V>> retained = new HashMap<>();
    private Map<K, V> listed = Map.of();

    /**
     * Creates an empty list.
     *
     * @param retainFor how long to retain an entry; zero believes every response at once
     * @param leaving which entries are never retained, because they were about to leave
     */
    SelfPreservation(Duration retainFor, Predicate<V> leaving, LongSupplier nanoTime) {
        this.retainFor = retainFor;
        this.leaving = leaving;
        this.nanoTime = nanoTime;
    }

    /** Begins with entries of an earlier process, as if they had been listed. */
    void seed(Map<K, V> cached) {
        listed = Collections.unmodifiableMap(new LinkedHashMap<>(cached));
    }

    /** The keys of what the newest response listed, and of which a response that misses it could be in doubt. */
    Set<K> missingIn(Map<K, V> response) {
        return listed.entrySet().stream()
                .filter(entry -> !response.containsKey(entry.getKey()) && !leaving.test(entry.getValue()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** How many entries the newest response listed. */
    int listedCount() {
        return listed.size();
    }

    /** Takes over a response of the registry. */
    void update(Map<K, V> response, @Nullable Doubt doubt) {
        expire();
        if (doubt == null) {
            retained.values().removeIf(entry -> !entry.why.isLasting());
        } else if (!retainFor.isZero()) {
            long until = nanoTime.getAsLong() + retainFor.toNanos();
            for (K key : missingIn(response)) {
                V value = listed.get(key);
                if (value != null) {
                    retained.putIfAbsent(key, new RetainedEntry<>(value, until, doubt));
                }
            }
        }
        retained.keySet().removeAll(response.keySet());
        listed = Collections.unmodifiableMap(new LinkedHashMap<>(response));
    }

    /** Drops an entry that is retained; false if it is not. */
    boolean drop(K key) {
        return retained.remove(key) != null;
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

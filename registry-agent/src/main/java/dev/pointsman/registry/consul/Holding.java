package dev.pointsman.registry.consul;

import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a registry lists, and how far its silence is believed. What is listed no longer is gone at once, unless the
 * answer is doubtful (the registry was away, or its index went backwards): a restarted registry may just have forgotten
 * what it will be told again. Then whatever the answer misses is held: it counts until it is listed again, or until the
 * time is over. What was listed again and then removed is gone at once, as ever.
 *
 * <p>A second doubtful answer does not lengthen the time of what is held already, so that a registry behind a bad line
 * cannot keep the dead alive for ever. Not thread-safe.
 *
 * @param <K> what is listed
 * @param <V> the facts about it; those of a held one are the last known
 */
final class Holding<K, V> {
    private record Held<V>(V value, long until) {}

    private final Duration holdFor;
    private final LongSupplier nanoTime;
    private final Map<K, Held<V>> held = new HashMap<>();
    private Map<K, V> listed = Map.of();

    /** @param holdFor how long to hold; zero believes every answer at once */
    Holding(Duration holdFor, LongSupplier nanoTime) {
        this.holdFor = holdFor;
        this.nanoTime = nanoTime;
    }

    /** Begins with what is remembered from an earlier process, as if it had been listed. */
    void recall(Map<K, V> remembered) {
        listed = Collections.unmodifiableMap(new LinkedHashMap<>(remembered));
    }

    /** Takes over an answer of the registry. */
    void update(Map<K, V> answer, boolean doubtful) {
        expire();
        if (doubtful && !holdFor.isZero()) {
            long until = nanoTime.getAsLong() + holdFor.toNanos();
            listed.forEach((key, value) -> held.putIfAbsent(key, new Held<>(value, until)));
        }
        held.keySet().removeAll(answer.keySet());
        listed = Collections.unmodifiableMap(new LinkedHashMap<>(answer));
    }

    /** Lets go of what was held for long enough. */
    void expire() {
        long now = nanoTime.getAsLong();
        held.values().removeIf(h -> h.until - now <= 0);
    }

    /** How long until {@link #expire()} has something to do, or null when nothing is held. */
    @Nullable
    Duration untilExpiry() {
        long now = nanoTime.getAsLong();
        return held.values().stream()
                .map(h -> Duration.ofNanos(Math.max(h.until - now, 0)))
                .min(Duration::compareTo)
                .orElse(null);
    }

    /** All that counts: the listed and the held. */
    Map<K, V> view() {
        if (held.isEmpty()) {
            return listed;
        }
        Map<K, V> all = new LinkedHashMap<>(listed);
        held.forEach((key, h) -> all.put(key, h.value));
        return Collections.unmodifiableMap(all);
    }

    /** What is held. */
    Set<K> held() {
        return Set.copyOf(held.keySet());
    }
}

package dev.pointsman.registry;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The keys under a prefix with their values at one moment, as far as the registry is to be believed. Immutable.
 *
 * @param prefix what was asked for: a prefix, or the one key
 * @param entries its entries, sorted by key in the order of their bytes, as Consul sorts them
 */
public record KvView(String prefix, List<KvEntry> entries) {
    private static final Comparator<KvEntry> BY_KEY = (one, other) -> Arrays.compareUnsigned(
            one.key().getBytes(StandardCharsets.UTF_8), other.key().getBytes(StandardCharsets.UTF_8));

    public KvView {
        entries = entries.stream().sorted(BY_KEY).toList();
    }

    /** The entry of a key. */
    public Optional<KvEntry> get(String key) {
        return entries.stream().filter(entry -> entry.key().equals(key)).findFirst();
    }
}

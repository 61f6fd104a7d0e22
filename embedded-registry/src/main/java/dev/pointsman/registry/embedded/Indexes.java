package dev.pointsman.registry.embedded;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The counter behind {@code X-Consul-Index}, and for each topic its value at the topic's newest change. A write
 * touches the topics it concerns and is then committed: the counter goes up by one if anything was touched, by nothing
 * if not, and the listener hears of all topics at once.
 *
 * <p>A topic that nothing ever happened to has the index that the counter started with. So a query for a service that
 * does not exist blocks until that service appears and does not wake for others, which is better than Consul itself.
 */
final class Indexes {
    /** How many topics are remembered one by one; a registry on one machine stays far below. */
    static final int MAX_TOPICS = 50_000;

    private final Consumer<Set<Topic>> listener;
    private final Map<Topic, Long> newest = new HashMap<>();
    private final NavigableMap<String, Long> keys = new TreeMap<>();
    private final Set<Topic> touched = new HashSet<>();
    private long floor;
    private long current;

    /**
     * @param seed where to start, at least 1; epoch milliseconds keep the index from going backwards over a restart
     * @param listener hears, after each write, what it touched
     */
    Indexes(long seed, Consumer<Set<Topic>> listener) {
        this.floor = Math.max(1, seed);
        this.current = floor;
        this.listener = listener;
    }

    long current() {
        return current;
    }

    /** The index that the write under way will have. */
    long next() {
        return current + 1;
    }

    void touch(Topic topic) {
        touched.add(topic);
    }

    /** Ends a write; true if it changed anything. */
    boolean commit() {
        if (touched.isEmpty()) {
            return false;
        }
        current++;
        for (Topic topic : touched) {
            if (topic.scope() == Topic.Scope.KEY) {
                keys.put(topic.name(), current);
            } else {
                newest.put(topic, current);
            }
        }
        if (newest.size() + keys.size() > MAX_TOPICS) {
            // Forgetting them costs each blocked query one needless response, remembering costs memory.
            floor = current;
            newest.clear();
            keys.clear();
        }
        Set<Topic> changed = Set.copyOf(touched);
        touched.clear();
        listener.accept(changed);
        return true;
    }

    long of(Topic topic) {
        return switch (topic.scope()) {
            case KEY -> keys.getOrDefault(topic.name(), floor);
            case KEY_PREFIX -> ofPrefix(topic.name());
            default -> newest.getOrDefault(topic, floor);
        };
    }

    private long ofPrefix(String prefix) {
        long index = floor;
        for (Map.Entry<String, Long> entry : keys.tailMap(prefix, true).entrySet()) {
            if (!entry.getKey().startsWith(prefix)) {
                break;
            }
            index = Math.max(index, entry.getValue());
        }
        return index;
    }
}

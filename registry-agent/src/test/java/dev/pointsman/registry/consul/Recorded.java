package dev.pointsman.registry.consul;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** A listener that records all that it is given. */
class Recorded<V> implements Consumer<V> {
    private final List<V> all = new CopyOnWriteArrayList<>();

    @Override
    public void accept(V view) {
        all.add(view);
    }

    List<V> all() {
        return all;
    }

    /** The newest; fails when there is none. */
    V last() {
        return all.get(all.size() - 1);
    }

    void awaitView(Predicate<V> wanted) {
        await().until(() -> !all.isEmpty() && wanted.test(last()));
    }

    /** Awaitility, looking every 5 ms instead of every 100: a test waits for each of its steps. */
    static ConditionFactory await() {
        return Awaitility.await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(5));
    }
}

package dev.pointsman.registry.consul;

import dev.pointsman.registry.InstanceKey;
import dev.pointsman.registry.ServiceView;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** A listener that records every view. */
final class RecordedViews implements Consumer<ServiceView> {
    private final List<ServiceView> all = new CopyOnWriteArrayList<>();

    @Override
    public void accept(ServiceView view) {
        all.add(view);
    }

    List<ServiceView> all() {
        return all;
    }

    /** The ids of the newest view's instances; fails when there is no view. */
    List<String> ids() {
        return ids(last());
    }

    /** The ids of those of the newest view that are retained. */
    List<String> retained() {
        return last().retained().stream().map(InstanceKey::id).sorted().toList();
    }

    ServiceView last() {
        return all.get(all.size() - 1);
    }

    static List<String> ids(ServiceView view) {
        return view.instances().stream().map(i -> i.key().id()).toList();
    }

    /** Waits for a newest view with exactly these instances. */
    void awaitIds(String... ids) {
        awaitView(view -> ids(view).equals(List.of(ids)));
    }

    void awaitView(Predicate<ServiceView> wanted) {
        await().until(() -> !all.isEmpty() && wanted.test(last()));
    }

    /** Awaitility, looking every 5 ms instead of every 100: a test waits for each of its steps. */
    static ConditionFactory await() {
        return Awaitility.await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(5));
    }
}

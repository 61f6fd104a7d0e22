package dev.pointsman.registry.consul;

import dev.pointsman.registry.InstanceKey;
import dev.pointsman.registry.ServiceView;
import java.util.List;

/** A listener that records every view of a target. */
final class RecordedViews extends Recorded<ServiceView> {
    /** The ids of the newest view's instances; fails when there is no view. */
    List<String> ids() {
        return ids(last());
    }

    /** The ids of those of the newest view that are retained. */
    List<String> retained() {
        return last().retained().stream().map(InstanceKey::id).sorted().toList();
    }

    static List<String> ids(ServiceView view) {
        return view.instances().stream().map(i -> i.key().id()).toList();
    }

    /** Waits for a newest view with exactly these instances. */
    void awaitIds(String... ids) {
        awaitView(view -> ids(view).equals(List.of(ids)));
    }
}

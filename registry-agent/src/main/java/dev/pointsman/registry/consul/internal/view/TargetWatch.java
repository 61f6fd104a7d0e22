package dev.pointsman.registry.consul.internal.view;

import dev.pointsman.registry.ServiceView;
import dev.pointsman.registry.ViewMerger;
import dev.pointsman.registry.Watch;
import dev.pointsman.registry.consul.internal.log.LogOnce;
import dev.pointsman.registry.consul.internal.query.ListView;
import dev.pointsman.registry.consul.internal.query.WatchContext;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The watch of one target: the service of that name, and the services with instances that carry the tag. */
public final class TargetWatch extends ListsWatch<ServiceView> implements Watch {
    private static final Logger LOG = LoggerFactory.getLogger(TargetWatch.class);

    private final String target;
    private final LogOnce duplicates = new LogOnce(sentence -> LOG.warn("Consul lists {}", sentence));
    private Set<String> carriers = Set.of();

    /** Creates a watch that has not begun, see {@link ListsWatch}. */
    public TargetWatch(
            String target,
            Consumer<ServiceView> listener,
            TargetLists lists,
            WatchContext context,
            Consumer<ListsWatch<?>> closing) {
        super(target, listener, lists, context, closing);
        this.target = target;
    }

    @Override
    void catalogChanged() {
        if (!hasBegun() || !lists().carriers(target).equals(carriers)) {
            refresh();
        }
    }

    @Override
    void serviceChanged(String service) {
        refresh();
    }

    /** Follows the services that the catalog knows of by now, and offers the view that they make. */
    @Override
    void refresh() {
        if (!isFollowing()) {
            return;
        }
        carriers = lists().carriers(target);
        // The service of the target's name comes first, here and in the status.
        Set<String> wanted = new LinkedHashSet<>();
        wanted.add(target);
        wanted.addAll(carriers);
        followServices(wanted);
        List<ServiceView> parts = new ArrayList<>();
        for (String service : followed()) {
            ServiceView part = viewOf(service);
            if (part != null) {
                parts.add(part);
            }
        }
        ViewMerger.MergedView merged = ViewMerger.merge(
                target,
                parts,
                (service, instance) -> service.equals(target) || instance.tags().contains(target));
        ServiceView view = merged.view();
        if (offer(view, !view.instances().isEmpty(), !view.stale().isEmpty())) {
            duplicates.log(merged.duplicates());
        }
    }

    @Override
    List<ListView<?, ?>> inOrder(List<ListView<?, ?>> ofServices, List<ListView<?, ?>> common) {
        List<ListView<?, ?>> all = new ArrayList<>(ofServices);
        all.addAll(common);
        return all;
    }

    @Override
    public String target() {
        return target;
    }
}

package dev.pointsman.registry.consul.internal.view;

import dev.pointsman.registry.CatalogView;
import dev.pointsman.registry.ServiceSelection;
import dev.pointsman.registry.ServiceView;
import dev.pointsman.registry.consul.internal.query.ListView;
import dev.pointsman.registry.consul.internal.query.WatchContext;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The watch of all services that a {@link ServiceSelection} chooses. A change of one service costs the reading of its list, and
 * a copy of the map of all; the changes that come in one turn of the event loop make one view.
 */
public final class SelectionWatch extends ListsWatch<CatalogView> {
    private final ServiceSelection selection;
    /** The newest views of the services that have one. */
    private final TreeMap<String, ServiceView> views = new TreeMap<>();
    /** The services whose view is to be made anew. */
    private final Set<String> dirty = new HashSet<>();
    /** The services whose view is another one than in the newest view of all. */
    private final Set<String> changed = new HashSet<>();

    private @Nullable Set<String> wanted;
    private int withInstances;
    private int withStale;
    private boolean scheduled;

    /** Creates a watch that has not begun, see {@link ListsWatch}. */
    public SelectionWatch(
            ServiceSelection selection,
            Consumer<CatalogView> listener,
            TargetLists lists,
            WatchContext context,
            Consumer<ListsWatch<?>> closing) {
        super(selection.name(), listener, lists, context, closing);
        this.selection = selection;
    }

    @Override
    void catalogChanged() {
        if (!hasBegun() || !chosen().equals(wanted)) {
            scheduleRefresh();
        }
    }

    @Override
    void serviceChanged(String service) {
        dirty.add(service);
        scheduleRefresh();
    }

    private Set<String> chosen() {
        return selection.everyService() ? lists().services() : lists().carriers(selection.tag());
    }

    private void scheduleRefresh() {
        if (!scheduled) {
            scheduled = true;
            context().vertx().runOnContext(v -> {
                scheduled = false;
                refresh();
            });
        }
    }

    @Override
    void refresh() {
        if (!isFollowing()) {
            return;
        }
        Set<String> now = chosen();
        // One that is followed though it is not wanted is in doubt, and may not be any more.
        if (!now.equals(wanted) || dirty.stream().anyMatch(service -> !now.contains(service))) {
            wanted = now;
            dirty.addAll(followServices(now));
        }
        dirty.forEach(this::readAnew);
        dirty.clear();
        CatalogView last = last();
        if (last != null && changed.isEmpty()) {
            offerAgain(last);
        } else if (offer(
                new CatalogView(views, last == null ? views.keySet() : changed), withInstances > 0, withStale > 0)) {
            changed.clear();
        }
    }

    /** Nothing is new in the view, but it may be enough by now to be the first one. */
    private void offerAgain(CatalogView last) {
        if (!hasBegun()) {
            offer(last, withInstances > 0, withStale > 0);
        }
    }

    private void readAnew(String service) {
        ServiceView now = viewOf(service);
        ServiceView before = now == null ? views.remove(service) : views.get(service);
        if (now != null && !now.equals(before)) {
            views.put(service, now);
        } else if (now != null || before == null) {
            return;
        }
        count(before, -1);
        count(now, 1);
        changed.add(service);
    }

    private void count(@Nullable ServiceView view, int by) {
        if (view != null) {
            withInstances += view.instances().isEmpty() ? 0 : by;
            withStale += view.stale().isEmpty() ? 0 : by;
        }
    }

    @Override
    List<ListView<?, ?>> inOrder(List<ListView<?, ?>> ofServices, List<ListView<?, ?>> common) {
        List<ListView<?, ?>> all = new ArrayList<>(common);
        all.addAll(ofServices);
        return all;
    }
}

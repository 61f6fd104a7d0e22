package dev.pointsman.registry.consul.internal.shared;

import dev.pointsman.registry.WatchStatus;
import dev.pointsman.registry.consul.internal.log.OutageLog;
import dev.pointsman.registry.consul.internal.query.ListQuery;
import dev.pointsman.registry.consul.internal.query.ListView;
import dev.pointsman.registry.consul.internal.query.QueryMode;
import dev.pointsman.registry.consul.internal.query.WatchContext;
import dev.pointsman.registry.consul.internal.query.WatchedList;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The watch of one list of checks: what is different in each from the one before. Lives on one Vert.x context. */
final class CheckWatch {
    /** The receiver of what is different. */
    interface CheckListener {
        /** Takes the first list: what there are checks of. */
        void listed(Map<CheckScope, CheckDigest> list);

        /** Takes what is different, see {@link CheckChanges#update}. */
        void changed(Map<CheckScope, Long> different);

        /** Takes note that Consul may have lost what it knew, or that changes may have been missed, until this index of the list's. */
        void doubted(long index);
    }

    private final CheckListener listener;
    private final WatchedList<CheckScope, CheckDigest> list;
    private final CheckChanges changes = new CheckChanges();
    private @Nullable WatchStatus newest;
    private ListView.@Nullable ListState stateWhenAsked;
    private boolean started;

    CheckWatch(ListQuery query, QueryMode mode, WatchContext context, OutageLog outages, CheckListener listener) {
        this.listener = listener;
        this.list = new WatchedList<>(query, mode, null, ChecksReader::read, context, outages, this::responded);
    }

    /** Sends the first query, or, to a list that is queried on demand, one more. */
    void ask() {
        if (!isAwaited()) {
            stateWhenAsked = list.state();
        }
        if (started) {
            list.wake(false);
        } else {
            started = true;
            list.start();
        }
    }

    /** Whether the first query was sent. */
    boolean isStarted() {
        return started;
    }

    /** Whether there was neither a response nor a failure since it was last {@linkplain #ask asked}. */
    boolean isAwaited() {
        return stateWhenAsked != null && stateWhenAsked.equals(list.state());
    }

    /** Whether the newest attempt failed. */
    boolean isFailing() {
        return list.state().failedAt() != null;
    }

    /** The list, for the status of what depends on it. */
    WatchedList<CheckScope, CheckDigest> list() {
        return list;
    }

    private void responded() {
        if (!list.responded()) {
            return;
        }
        WatchStatus before = newest;
        WatchStatus now = list.state().status();
        newest = now;
        Map<CheckScope, Long> different = changes.update(list.entries(), now.index());
        boolean moved = before == null || before.index() != now.index() || !different.isEmpty();
        if (before == null) {
            listener.listed(list.entries());
        } else if (list.doubtful() && !before.equals(now) && moved) {
            listener.doubted(now.index());
        } else {
            listener.changed(different);
        }
    }
}

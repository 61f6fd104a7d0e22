package dev.pointsman.balancer.overview;

import dev.pointsman.balancer.admin.StateView;
import dev.pointsman.balancer.overview.LiveStream.NumberedText;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The streams of events that are open. For the event loop of the admin API, but for {@link #isEmpty}. */
final class LiveStreams {
    /** The most at a time. */
    static final int MOST = 100;

    /** A comment is sent after so many overviews, which come each second. */
    private static final int COMMENT_EVERY = 15;

    private final StateView view;
    private final Set<LiveStream> open = new LinkedHashSet<>();
    private volatile boolean empty = true;
    private boolean closed;
    private int turns;

    LiveStreams(StateView view) {
        this.view = view;
    }

    /** Whether there is none; any thread. */
    boolean isEmpty() {
        return empty;
    }

    int size() {
        return open.size();
    }

    /** Why there cannot be one more, in a sentence; null if there can. */
    @Nullable
    String refusal() {
        if (closed) {
            return "the balancer is about to end";
        }
        return open.size() < MOST
                ? null
                : "too many look already: " + MOST + " streams are open, the most that there may be (close some pages)";
    }

    void add(LiveStream stream) {
        open.add(stream);
        empty = false;
    }

    void remove(LiveStream stream) {
        open.remove(stream);
        empty = open.isEmpty();
    }

    /** What is to be shown to them. */
    Set<OverviewQuery> queries() {
        Set<OverviewQuery> queries = new HashSet<>();
        for (LiveStream stream : open) {
            if (!stream.isFull()) {
                queries.add(stream.query());
            }
        }
        return queries;
    }

    /** Sends each its overview, to be called each second; and the changes that a slow one has missed. */
    void overviews(Map<OverviewQuery, String> made) {
        turns++;
        for (LiveStream stream : List.copyOf(open)) {
            String json = made.get(stream.query());
            if (json != null) {
                stream.overview(json);
            }
            if (turns % COMMENT_EVERY == 0) {
                stream.comment();
            }
        }
        changes();
    }

    /** Sends each the changes that it does not know of. */
    void changes() {
        long oldest = Long.MAX_VALUE;
        for (LiveStream stream : open) {
            oldest = Math.min(oldest, stream.lastChange());
        }
        if (open.isEmpty()) {
            return;
        }
        List<NumberedText> newest =
                view.changesAfter(oldest).stream().map(NumberedText::of).toList();
        if (!newest.isEmpty()) {
            List.copyOf(open).forEach(stream -> stream.changes(newest));
        }
    }

    /** Ends them all, for good. */
    void close() {
        closed = true;
        List.copyOf(open).forEach(LiveStream::end);
        open.clear();
        empty = true;
    }
}

package dev.pointsman.registry.consul.internal.query;

import dev.pointsman.registry.RegistryException;
import dev.pointsman.registry.WatchStatus;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A followed list of Consul's, as its readers see it: its entries, and how far they are to be believed. To be read on one
 * Vert.x context; only {@link #state()} may be read from any thread.
 *
 * @param <K> what is listed
 * @param <V> the facts about it
 */
public interface ListView<K, V> {
    /** The entries: what Consul lists, and what {@link #retained()} names. */
    Map<K, V> entries();

    /** The keys of the entries that Consul stopped listing and that count all the same, see {@link SelfPreservation}. */
    Set<K> retained();

    /** Whether Consul has responded at least once; before that, {@link #entries()} is empty or stale. */
    boolean responded();

    /** Whether the first attempt is over, well or badly. */
    boolean tried();

    /** Whether the entries are those of the cache, because Consul has not responded yet. */
    boolean stale();

    /** Whether the newest response was a doubtful one, see {@link BlockingQuery#doubtful()}. */
    boolean doubtful();

    /** The state of the queries for the list. Any thread. */
    ListState state();

    /**
     * The state of the queries for a list: the status that the API shows, and the time of the last failure.
     *
     * @param status as a {@link dev.pointsman.registry.Watch} reports it
     * @param failedAt when the newest attempt failed, or null if it did not
     * @param failure the kind of that failure, or null
     */
    record ListState(WatchStatus status, @Nullable Instant failedAt, RegistryException.@Nullable Kind failure) {
        static final ListState NEW = good(WatchStatus.NEW);

        /** The state after an attempt that did not fail. */
        static ListState good(WatchStatus status) {
            return new ListState(status, null, null);
        }

        /** Whether the newest attempt failed in a way in which other queries would fail too: nothing, or too little, responds. */
        public boolean isConsulInTrouble() {
            return failure == RegistryException.Kind.UNREACHABLE || failure == RegistryException.Kind.UNAVAILABLE;
        }
    }

    /**
     * A list that is not queried by itself, but when it is woken.
     *
     * @param <K> what is listed
     * @param <V> the facts about it
     */
    interface OnDemand<K, V> extends ListView<K, V> {
        /**
         * Queries the list now, or after the query under way; does nothing to a list that Consul is asked to wait for.
         *
         * @param inDoubt whether the response is to be doubted
         */
        void wake(boolean inDoubt);
    }
}

package dev.pointsman.registry.embedded;

import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The keys with their values and locks. Pure state like {@link Catalog}, under the same counter. Not thread-safe. */
final class KvStore {
    /** A key with its value, which is read-only, its position at its beginning. */
    record KeyValue(
            String key,
            ByteBuffer value,
            long flags,
            long lockIndex,
            String session,
            long createIndex,
            long modifyIndex) {
        private boolean same(ByteBuffer otherValue, long otherFlags, String otherSession) {
            return flags == otherFlags && session.equals(otherSession) && value.equals(otherValue);
        }
    }

    private final Indexes indexes;
    private final TreeMap<String, KeyValue> entries = new TreeMap<>();

    KvStore(Indexes indexes) {
        this.indexes = indexes;
    }

    @Nullable
    KeyValue get(String key) {
        return entries.get(key);
    }

    /** Every entry whose key starts with the prefix, sorted. */
    Collection<KeyValue> withPrefix(String prefix) {
        return entries.tailMap(prefix, true).values().stream()
                .takeWhile(entry -> entry.key().startsWith(prefix))
                .toList();
    }

    void put(String key, ByteBuffer value, long flags) {
        KeyValue known = entries.get(key);
        write(key, value, flags, known == null ? "" : known.session(), known == null ? 0 : known.lockIndex());
    }

    /** Takes the key's lock for a session; false if another session holds it. */
    boolean acquire(String key, ByteBuffer value, long flags, String session) {
        KeyValue known = entries.get(key);
        if (known != null && !known.session().isEmpty() && !known.session().equals(session)) {
            return false;
        }
        long locks = known == null ? 0 : known.lockIndex();
        write(key, value, flags, session, known != null && known.session().equals(session) ? locks : locks + 1);
        return true;
    }

    /** Gives the key's lock back; false if this session does not hold it. */
    boolean release(String key, ByteBuffer value, long flags, String session) {
        KeyValue known = entries.get(key);
        if (known == null || !known.session().equals(session)) {
            return false;
        }
        write(key, value, flags, "", known.lockIndex());
        return true;
    }

    /** A session is gone: its locks open, or its keys go with it. */
    void endSession(String session, boolean deleteKeys) {
        for (KeyValue entry : List.copyOf(entries.values())) {
            if (!entry.session().equals(session)) {
                continue;
            }
            if (deleteKeys) {
                delete(entry.key());
            } else {
                release(entry.key(), entry.value(), entry.flags(), session);
            }
        }
    }

    /** Whether the key is at that index; 0 asks for a key that is not there. */
    boolean isAt(String key, long modifyIndex) {
        KeyValue known = entries.get(key);
        return known == null ? modifyIndex == 0 : known.modifyIndex() == modifyIndex;
    }

    void delete(String key) {
        if (entries.remove(key) != null) {
            indexes.touch(Topic.key(key));
            indexes.commit();
        }
    }

    void deletePrefix(String prefix) {
        for (KeyValue entry : withPrefix(prefix)) {
            entries.remove(entry.key());
            indexes.touch(Topic.key(entry.key()));
        }
        indexes.commit();
    }

    private void write(String key, ByteBuffer value, long flags, String session, long lockIndex) {
        KeyValue known = entries.get(key);
        if (known != null && known.same(value, flags, session)) {
            return;
        }
        long created = known == null ? indexes.next() : known.createIndex();
        entries.put(key, new KeyValue(key, value, flags, lockIndex, session, created, indexes.next()));
        indexes.touch(Topic.key(key));
        indexes.commit();
    }
}

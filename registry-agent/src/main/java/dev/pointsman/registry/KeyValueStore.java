package dev.pointsman.registry;

import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * A registry's store of keys and values, for settings that people write and for what several processes agree on. Nothing blocks:
 * the stages complete, and the listeners are called, on the registry's own thread. Thread-safe.
 *
 * <p>A key is a path of segments, {@code a/b/c}; slashes at its beginning do not count. Empty segments and those that are
 * {@code .} or {@code ..} are refused with an {@link IllegalArgumentException}, since Consul reads another key there.
 */
public interface KeyValueStore {
    /**
     * Follows every key that begins with the prefix. The registry's failures never end it, and never take back what is known: what a
     * response does not list any more counts until Consul confirms that it was deleted.
     *
     * @param prefix the beginning of the keys, not blank; {@code a/b} is also the beginning of {@code a/bc}, and {@code a/b/} is not
     * @param listener is given each view that differs from the one before it, the first one included (also when it is
     *     empty), one at a time and in order; it must not block
     */
    Following<KvView> watchPrefix(String prefix, Consumer<KvView> listener);

    /** Follows one key, like {@link #watchPrefix}; the view has one entry or none. */
    Following<KvView> watchKey(String key, Consumer<KvView> listener);

    /**
     * Reads a key once.
     *
     * @return completes with its entry, or with nothing if there is no such key; fails with a {@link RegistryException}
     */
    CompletionStage<Optional<KvEntry>> get(String key);

    /**
     * Writes a key, whatever it held.
     *
     * @param value 512 KiB at the most
     * @return fails with a {@link RegistryException}; it may be written all the same if there was no response
     */
    CompletionStage<Void> put(String key, byte[] value);

    /**
     * Writes a key if nobody else has written it meanwhile: of several who read the same entry and write then, one succeeds.
     *
     * @param value 512 KiB at the most
     * @param modifyIndex {@link KvEntry#modifyIndex()} of the entry to replace, or 0 if there must be no such key yet
     * @return completes with whether it was written; fails with a {@link RegistryException}, and may be written all the same if there
     *     was no response
     */
    CompletionStage<Boolean> putIf(String key, byte[] value, long modifyIndex);

    /**
     * Deletes a key if nobody else has written it meanwhile.
     *
     * @param modifyIndex {@link KvEntry#modifyIndex()} of the entry to delete
     * @return completes with whether it was at that index, and is deleted, or was not there; fails with a {@link RegistryException}
     */
    CompletionStage<Boolean> deleteIf(String key, long modifyIndex);
}

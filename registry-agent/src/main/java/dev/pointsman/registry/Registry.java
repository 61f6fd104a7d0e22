package dev.pointsman.registry;

import java.util.function.Consumer;

/**
 * A service registry, as seen by the clients that follow services. Thread-safe.
 */
public interface Registry extends AutoCloseable {
    /**
     * Follows one target until the watch is closed. The registry's failures never end a watch and never empty a view:
     * the last good one stays until a better one comes.
     *
     * @param target a tag or a service's name
     * @param listener is given each view that differs from the one before it, the first one included (also when it is
     *     empty), one at a time and in order; it must not block
     */
    Watch watch(String target, Consumer<ServiceView> listener);

    /** Ends every watch. */
    @Override
    void close();
}

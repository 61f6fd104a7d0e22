package dev.pointsman.registry;

/**
 * A service registry, as seen by the services that register with it. The calls block, for at most a few seconds each:
 * never make them on an event loop. Thread-safe.
 */
public interface Registrar extends AutoCloseable {
    /**
     * Registers a service on the registry's agent, or brings the registration with the same id up to date. Checks that
     * run already keep their state.
     */
    void register(ServiceRegistration registration) throws RegistryException;

    /** Removes a registration; a missing one is no error. */
    void deregister(String id) throws RegistryException;

    /** Whether the registry's agent still has this id. */
    boolean isRegistered(String id) throws RegistryException;

    /**
     * Takes a registered service out of service, or back into it: its instance gets nothing new, whatever its checks say.
     *
     * @param reason the reason to show; counts only when it is switched on
     */
    void maintenance(String id, boolean on, String reason) throws RegistryException;

    /** Frees the connections; calls under way fail. */
    @Override
    void close();
}

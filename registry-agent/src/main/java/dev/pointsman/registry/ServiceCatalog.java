package dev.pointsman.registry;

import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** A registry's catalog of services, for those who do not know yet which of them they need. Thread-safe. */
public interface ServiceCatalog {
    /**
     * Follows every service that is chosen, with all of its instances, until it is closed; also those that come later. The same
     * holds as for the watch of one target: the registry's failures never end it and never empty a view, what is in doubt is
     * retained, and where the registry is away at the start, what the cache knows is stale.
     *
     * @param listener is given each view that differs from the one before it, the first one included (also when no service is
     *     chosen), one at a time and in order; changes that come together make one view; it must not block
     */
    Following<CatalogView> follow(ServiceSelection selection, Consumer<CatalogView> listener);

    /**
     * Asks once which services there are, and with which tags.
     *
     * @return completes on the registry's thread; fails with a {@link RegistryException}
     */
    CompletionStage<CatalogSummary> services();

    /**
     * Asks once which datacenter's services they are: the one that was named, else the one that the registry's agent is in.
     *
     * @return completes on the registry's thread; fails with a {@link RegistryException}
     */
    CompletionStage<String> datacenter();
}

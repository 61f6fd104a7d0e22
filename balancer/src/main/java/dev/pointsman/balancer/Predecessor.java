package dev.pointsman.balancer;

import dev.pointsman.balancer.config.ListenAddress;
import dev.pointsman.balancer.downstream.InheritedSocket;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The process whose listening sockets a balancer goes on with: another balancer, which goes on as if nothing were until it is told to
 * {@link #leave}, or a service manager, which listens and does not serve.
 */
public interface Predecessor {
    /** Whether clients are served there, by whom it is not worse to be served than by a balancer that knows less. */
    default boolean isServing() {
        return true;
    }

    /** The sockets of ports for clients that this balancer is to have too, by their addresses as it has them in its configuration. */
    Map<ListenAddress, InheritedSocket> clients();

    /** The socket of the admin port; null where this balancer is to have another one. */
    @Nullable
    InheritedSocket admin();

    /** What it knew and nothing else tells: see {@link Balancer#legacy}. */
    JsonObject legacy();

    /**
     * Tells it that clients are accepted here. Completes when it accepts none any more and has left the registry's entry to
     * this process, or is gone; it finishes what it has in flight by itself. Never fails.
     */
    Future<Void> leave();
}

package dev.pointsman.cli;

import dev.pointsman.balancer.StartException;
import dev.pointsman.registry.embedded.EmbeddedRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

/** An embedded registry with an event loop of its own, for as long as this process runs. */
final class LocalRegistry {
    private final Vertx vertx;
    private final EmbeddedRegistry registry;

    private LocalRegistry(Vertx vertx, EmbeddedRegistry registry) {
        this.vertx = vertx;
        this.registry = registry;
    }

    /**
     * Starts a registry; for the main thread only.
     *
     * @param hostNames names by which it may be called, besides addresses and localhost
     * @param flag how to choose another address, for the sentence that says that this one is taken
     */
    static LocalRegistry start(String host, int port, List<String> hostNames, String flag) throws Exception {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(1));
        EmbeddedRegistry.Options options = EmbeddedRegistry.Options.defaults()
                .withHost(host)
                .withPort(port)
                .withHostNames(hostNames);
        try {
            return new LocalRegistry(vertx, RunningProcess.await(EmbeddedRegistry.start(vertx, options)));
        } catch (ExecutionException failed) {
            // Not waited for: there is nothing left in it, and what is composed with its end wants a loop that is
            // closed.
            vertx.close();
            Throwable cause = failed.getCause() == null ? failed : failed.getCause();
            throw StartException.notListening("the registry's port", host + ":" + port, flag, cause);
        }
    }

    int port() {
        return registry.port();
    }

    /** The steps that end the registry, in order. */
    List<Supplier<Future<Void>>> stops() {
        return List.of(registry::close, vertx::close);
    }
}

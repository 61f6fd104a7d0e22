package dev.pointsman.registry.contract;

import dev.pointsman.registry.embedded.EmbeddedRegistry;
import io.vertx.core.Vertx;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract, held against the embedded registry. */
class EmbeddedRegistryContractTest extends RegistryContract {
    private static @Nullable Vertx vertx;
    private static RegistryDriver registry;

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
        EmbeddedRegistry embedded = EmbeddedRegistry.start(
                        vertx, EmbeddedRegistry.Options.defaults().withPort(0))
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        registry = new RegistryDriver("http://127.0.0.1:" + embedded.port());
    }

    @AfterAll
    static void stop() {
        if (vertx != null) {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    @Override
    public RegistryDriver registry() {
        return registry;
    }
}

package dev.pointsman.registry.contract;

import dev.pointsman.testkit.ConsulUnderTest;
import dev.pointsman.testkit.NeedsConsul;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract, held against the {@code consul} on PATH. */
@NeedsConsul(NeedsConsul.Source.COMMAND)
class RealConsulContractIT extends RegistryContract {
    private static @Nullable ConsulUnderTest consul;
    private static RegistryDriver registry;

    @BeforeAll
    static void start() {
        consul = ConsulUnderTest.launchBinary();
        registry = new RegistryDriver(consul.url());
    }

    @AfterAll
    static void stop() {
        if (consul != null) {
            consul.close();
        }
    }

    @Override
    public RegistryDriver registry() {
        return registry;
    }
}

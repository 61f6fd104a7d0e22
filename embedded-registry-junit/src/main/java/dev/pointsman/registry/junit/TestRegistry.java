package dev.pointsman.registry.junit;

import dev.pointsman.agent.ServiceAgent;
import dev.pointsman.registry.Registrar;
import dev.pointsman.registry.RegistryException;
import dev.pointsman.registry.consul.ConsulAddress;
import dev.pointsman.registry.consul.ConsulRegistrar;
import dev.pointsman.registry.embedded.EmbeddedRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A registry with a Vert.x of its own, and the instances that register there: each has a Vert.x of its own too, so that one
 * whose handler blocks holds up neither the registry nor the others. Thread-safe; everything blocks.
 */
final class TestRegistry implements AutoCloseable {
    static final String HOST = "127.0.0.1";
    private static final Logger log = LoggerFactory.getLogger(TestRegistry.class);

    private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(100);
    private static final Duration CHECK_INTERVAL = Duration.ofMillis(200);
    private static final Duration CHECK_TIMEOUT = Duration.ofSeconds(2);
    private static final long BOUND_SECONDS = 20;

    private final Vertx vertx;
    private final ConsulAddress address;
    private final Registrar registrar;
    private volatile EmbeddedRegistry registry;
    private volatile boolean closed;

    private TestRegistry(Vertx vertx, EmbeddedRegistry registry) {
        this.vertx = vertx;
        this.registry = registry;
        this.address = ConsulAddress.of(HOST, registry.port());
        this.registrar = new ConsulRegistrar(address);
    }

    static TestRegistry start() {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        try {
            return new TestRegistry(vertx, listen(vertx, 0));
        } catch (Exception e) {
            // await throws whatever it failed with, checked or not.
            vertx.close();
            throw new IllegalStateException("the embedded registry did not start: " + e.getMessage(), e);
        }
    }

    private static EmbeddedRegistry listen(Vertx vertx, int port) throws TimeoutException {
        EmbeddedRegistry.Options options = EmbeddedRegistry.Options.defaults()
                .withHost(HOST)
                .withPort(port)
                .withMinCheckInterval(SHORTEST_INTERVAL);
        return EmbeddedRegistry.start(vertx, options).await(BOUND_SECONDS, TimeUnit.SECONDS);
    }

    /** Whether a test has closed the registry. */
    boolean isLost() {
        // Nothing else is deployed on this Vert.x.
        return !closed && vertx.deploymentIDs().isEmpty();
    }

    /**
     * Starts a registry in place of one that a test has closed: an empty one at the same address. No effect while there is one.
     *
     * @throws IllegalStateException with one sentence when it does not start
     */
    synchronized void startAgain() {
        if (!isLost()) {
            return;
        }
        try {
            registry = listen(vertx, address.port());
        } catch (Exception e) {
            // await throws whatever it failed with, checked or not.
            throw new IllegalStateException(
                    "the embedded registry, which was closed by a test before, did not start again at " + address + ": "
                            + e.getMessage(),
                    e);
        }
    }

    EmbeddedRegistry registry() {
        return registry;
    }

    ConsulAddress address() {
        return address;
    }

    boolean isClosed() {
        return closed;
    }

    /**
     * Starts one instance; returns when it is registered and passing.
     *
     * @throws RuntimeException with one sentence when it could not be started or registered
     */
    RunningInstance start(TestService service) {
        ServiceAgent agent = ServiceAgent.start(
                service.agentOptions().withConsul(address).withCheck(CHECK_INTERVAL, CHECK_TIMEOUT),
                service.newHandler());
        if (!agent.isRegistered()) {
            agent.abort();
            throw new IllegalStateException(
                    "the registry at " + address + " did not register it; was it closed by a test?");
        }
        return new RunningInstance(service, agent);
    }

    /** Takes away what is left of an instance: its port, if it is still open, and its registration. */
    void remove(RunningInstance instance) {
        instance.crash();
        if (instance.isStopped()) {
            return;
        }
        try {
            registrar.deregister(instance.id());
        } catch (RegistryException e) {
            log.warn("{} ended and stays registered, as the registry could not be told: {}.", instance, e.getMessage());
        }
    }

    /** Closes the registry; not the instances, which may be closed before it or after it. */
    @Override
    public void close() {
        closed = true;
        new EndSteps()
                .take(registrar::close)
                .take(() -> registry.close().await(BOUND_SECONDS, TimeUnit.SECONDS))
                // Not composed with the above: that would complete on an event loop that is gone by then.
                .take(() -> vertx.close().await(BOUND_SECONDS, TimeUnit.SECONDS))
                .finish("the embedded registry did not close as it should, within " + BOUND_SECONDS + " s");
    }
}

package dev.pointsman.registry.embedded;

import dev.pointsman.http.CallerRule;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.BindException;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A service registry inside this process that speaks Consul's HTTP API, for one machine: to develop with, to try things
 * out, to test with. Beyond one machine, use Consul: this one has no cluster, no access control, and keeps everything in
 * memory.
 *
 * <p>Its API is that of Consul 1.8.7, which it was compared with response by response, and it says so ({@code
 * /v1/agent/self}: {@code Version} is {@code 1.8.7}, so that clients find the features that are there and expect no
 * others; {@code Revision} is {@code pointsman}, so that it is not taken for a real one). Where it differs on purpose:
 * fields that it does not know are ignored; a heartbeat for an unknown check gets a 404 as in newer Consuls; a
 * query for a service that does not exist wakes only when it appears; registering a service again does not restart its
 * HTTP and TCP checks; its index starts at the time of day, so that it does not go backwards over a restart; gRPC and
 * alias checks are taken but stay as they were registered, script checks are refused.
 *
 * <p>Thread-safe.
 */
public final class EmbeddedRegistry {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedRegistry.class);

    private final Vertx vertx;
    private final RegistryVerticle verticle;
    private final String deployment;

    private EmbeddedRegistry(Vertx vertx, RegistryVerticle verticle, String deployment) {
        this.vertx = vertx;
        this.verticle = verticle;
        this.deployment = deployment;
    }

    /**
     * The options of an embedded registry.
     *
     * @param host the address to listen on; {@code 127.0.0.1} by default. On any other than loopback, every client
     *     that reaches it can register and deregister what it likes
     * @param port the TCP port, 8500 by default; 0 for any free one
     * @param hostNames names by which it may be called, besides addresses and localhost; none by default. On loopback
     *     no other is let through, see {@link CallerRule}
     * @param nodeName its node's name, {@code pointsman} by default
     * @param datacenter its datacenter's name, {@code dc1} by default
     * @param minDeregisterAfter what a shorter {@code DeregisterCriticalServiceAfter} of a check is raised to; 1 minute
     *     by default, as in Consul; only tests want it lower
     * @param minCheckInterval what a shorter {@code Interval} of a check is raised to; 1 second by default, as in
     *     Consul; only tests want it lower
     */
    public record Options(
            String host,
            int port,
            List<String> hostNames,
            String nodeName,
            String datacenter,
            Duration minDeregisterAfter,
            Duration minCheckInterval) {
        public Options {
            hostNames = List.copyOf(hostNames);
        }

        /** On 127.0.0.1:8500, as {@code consul agent -dev}. */
        public static Options defaults() {
            return new Options(
                    "127.0.0.1", 8500, List.of(), "pointsman", "dc1", Duration.ofMinutes(1), Duration.ofSeconds(1));
        }

        /** The same on another address. */
        public Options withHost(String newHost) {
            return new Options(newHost, port, hostNames, nodeName, datacenter, minDeregisterAfter, minCheckInterval);
        }

        /** The same on another port, 0 for any free one. */
        public Options withPort(int newPort) {
            return new Options(host, newPort, hostNames, nodeName, datacenter, minDeregisterAfter, minCheckInterval);
        }

        /** The same under these names, besides addresses and localhost. */
        public Options withHostNames(List<String> newNames) {
            return new Options(host, port, newNames, nodeName, datacenter, minDeregisterAfter, minCheckInterval);
        }

        /** The same under another node name. */
        public Options withNodeName(String newNodeName) {
            return new Options(host, port, hostNames, newNodeName, datacenter, minDeregisterAfter, minCheckInterval);
        }

        /** The same with another floor for {@code DeregisterCriticalServiceAfter}. */
        public Options withMinDeregisterAfter(Duration newMinimum) {
            return new Options(host, port, hostNames, nodeName, datacenter, newMinimum, minCheckInterval);
        }

        /** The same with another floor for the {@code Interval} of checks. */
        public Options withMinCheckInterval(Duration newMinimum) {
            return new Options(host, port, hostNames, nodeName, datacenter, minDeregisterAfter, newMinimum);
        }

        boolean isLoopback() {
            return host.startsWith("127.") || host.equals("::1") || host.equals("localhost");
        }
    }

    /**
     * Starts a registry.
     *
     * @return the registry once it listens; fails with a {@link BindException} when it cannot listen there
     */
    public static Future<EmbeddedRegistry> start(Vertx vertx, Options options) {
        RegistryVerticle verticle = new RegistryVerticle(options);
        return vertx.deployVerticle(verticle)
                .map(deployment -> {
                    EmbeddedRegistry registry = new EmbeddedRegistry(vertx, verticle, deployment);
                    LOG.info(
                            "The embedded registry listens on {}:{}. It is for this machine alone and forgets everything"
                                    + " when it stops; for more than one machine use Consul.",
                            options.host(),
                            registry.port());
                    if (!options.isLoopback()) {
                        LOG.warn(
                                "The embedded registry listens on {}, not only on this machine, and has no access"
                                        + " control: every client that reaches it can register and deregister services.",
                                options.host());
                    }
                    return registry;
                })
                .recover(failure -> Future.failedFuture(asBindException(failure, options)));
    }

    /** The native transports have exceptions of their own for it. */
    private static Throwable asBindException(Throwable failure, Options options) {
        String message = String.valueOf(failure.getMessage());
        if (failure instanceof BindException || !message.contains("bind")) {
            return failure;
        }
        BindException bind = new BindException(options.host() + ":" + options.port() + ": " + message);
        bind.initCause(failure);
        return bind;
    }

    /** The port that it listens on. */
    public int port() {
        return verticle.port();
    }

    /** How many queries are blocked at this moment. */
    Future<Integer> waiting() {
        return verticle.waiting();
    }

    /**
     * Stops it: blocked queries get a response with what is known now, then everything is closed. Idempotent. All that
     * was registered is forgotten.
     */
    public Future<Void> close() {
        // A Vert.x that was closed has stopped it already.
        return verticle.isStopped()
                ? Future.succeededFuture()
                : vertx.undeploy(deployment)
                        .recover(failure ->
                                verticle.isStopped() ? Future.succeededFuture() : Future.failedFuture(failure));
    }
}

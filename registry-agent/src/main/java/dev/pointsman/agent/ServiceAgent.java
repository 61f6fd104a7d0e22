package dev.pointsman.agent;

import dev.pointsman.registry.Registrar;
import dev.pointsman.registry.ServiceRegistration;
import dev.pointsman.registry.consul.ConsulRegistrar;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Clock;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A service in this process: serves a handler on a port of its own, and is registered for as long as it serves.
 *
 * <p>Start:
 *
 * <ol>
 *   <li>listen: the first free port of {@link AgentOptions#ports()} is opened and kept; requests are served from here on
 *   <li>set a JVM shutdown hook: from here on SIGTERM and SIGINT stop the service gracefully
 *   <li>register, with the port that was opened; one attempt is waited for (at most 5 s). When it fails the service is
 *       up all the same, and a loop goes on trying. That loop also registers again should the registry lose the
 *       service; it leaves a registration that is there alone, with its checks and its maintenance mode
 *   <li>ready
 * </ol>
 *
 * <p>With {@link AgentOptions#withoutRegistration()} the program that started the service registers it: step 3 is left out,
 * and so is deregistering.
 *
 * <p>Stop, by {@link #close()} or the hook, once however often it is called:
 *
 * <ol>
 *   <li>the health path responds with 503
 *   <li>deregister, in at most 3 s, whether the registry responds or not
 *   <li>linger ({@link AgentOptions#linger()}): serve clients that do not know yet; responses have {@code Connection:
 *       close}
 *   <li>drain: close the port and idle connections, and wait for requests in flight ({@link AgentOptions#drain()} at
 *       most, then they are cut off). WebSockets and endless responses are notified by their {@code shutdownHandler} (that of
 *       the {@code ServerWebSocket}, or of {@code request.connection()}) and had better end then
 *   <li>close: Vert.x, if the agent made it
 * </ol>
 *
 * <p>{@link #abort()} skips all of that.
 *
 * <p>The handler runs on one event loop, so it needs no locks and must not block: long work belongs into {@code
 * Vertx.executeBlocking}, and more load onto more instances. It is given every request but those for the health path;
 * {@code request.toWebSocket()} works. What it throws is logged, and the response is 500. The connection's {@code
 * closeHandler} is the agent's.
 *
 * <p>Thread-safe.
 */
public final class ServiceAgent implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ServiceAgent.class);
    private static final Duration FIRST_ATTEMPT = Duration.ofSeconds(5);
    private static final Duration DEREGISTER = Duration.ofSeconds(3);
    /** Beyond a step's own bound: only an event loop that is blocked for good needs it. */
    private static final Duration MARGIN = Duration.ofSeconds(2);

    private final AgentOptions options;
    private final Vertx vertx;
    private final boolean ownsVertx;
    private final RequestGate gate;
    private final HttpServer server;
    private final ServiceRegistration service;
    private final @Nullable Registration registration;
    private final Thread hook = new Thread(this::close, "service-agent-hook");
    private final AtomicBoolean closing = new AtomicBoolean();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    private ServiceAgent(AgentOptions options, Vertx vertx, boolean ownsVertx, Handler<HttpServerRequest> handler)
            throws InterruptedException {
        this.options = options;
        this.vertx = vertx;
        this.ownsVertx = ownsVertx;
        String address = MachineAddress.advertised(options);
        @Nullable Registrar registrar = options.registers() ? new ConsulRegistrar(options.consul()) : null;
        gate = new RequestGate(options.healthPath(), handler);
        try {
            server = PortOpener.listen(vertx, MachineAddress.listenOn(options), options.ports(), gate);
        } catch (AgentException e) {
            if (registrar != null) {
                registrar.close();
            }
            throw e;
        }
        service = RegistrationFormat.of(
                options,
                address,
                server.actualPort(),
                ProcessHandle.current().pid(),
                Clock.systemUTC().instant());
        registration = registrar == null
                ? null
                : new Registration(
                        registrar, service, new RegistrationState(RetryPacing.DEFAULT, new SplittableRandom()));
    }

    /**
     * Starts a service with a Vert.x of its own. Blocks until it serves and has tried to register.
     *
     * @param handler see the class
     * @throws AgentException when it cannot listen, or this machine has no address to advertise
     * @throws IllegalArgumentException when Consul's certificates cannot be used
     * @throws IllegalStateException on an event loop, which must not block
     */
    public static ServiceAgent start(AgentOptions options, Handler<HttpServerRequest> handler) {
        Vertx vertx = newVertx();
        try {
            return start(options, vertx, true, handler);
        } catch (RuntimeException e) {
            vertx.close();
            throw e;
        }
    }

    /**
     * As {@link #start(AgentOptions, Handler)}, with a Vert.x that the caller made and goes on owning. Two servers of one
     * Vert.x can share a port, so give each agent on it ports of its own (or {@link PortRange#ANY}).
     */
    public static ServiceAgent start(AgentOptions options, Vertx vertx, Handler<HttpServerRequest> handler) {
        return start(options, vertx, false, handler);
    }

    /**
     * As {@link #start(AgentOptions, Handler)}, for a program that is nothing but this service: in addition, an exception
     * that ends any thread stops the service gracefully and then the process, with exit code 1. It takes the JVM's
     * default uncaught exception handler for it, which {@code start} leaves alone. (What handlers on the event loop
     * throw is caught before it ends a thread.)
     */
    public static ServiceAgent runAsProcess(AgentOptions options, Handler<HttpServerRequest> handler) {
        return endsWithAnyThread(start(options, handler));
    }

    /** As {@link #runAsProcess(AgentOptions, Handler)}, with a Vert.x of the caller's, see {@link #start(AgentOptions, Vertx, Handler)}. */
    public static ServiceAgent runAsProcess(AgentOptions options, Vertx vertx, Handler<HttpServerRequest> handler) {
        return endsWithAnyThread(start(options, vertx, handler));
    }

    private static ServiceAgent endsWithAnyThread(ServiceAgent agent) {
        Thread.setDefaultUncaughtExceptionHandler((thread, e) -> {
            log.error("Thread {} died; {} stops.", thread.getName(), agent.id(), e);
            // The hook does the stopping. On a thread of its own, as this one may be needed for it.
            new Thread(() -> System.exit(1), "service-agent-exit").start();
        });
        return agent;
    }

    private static ServiceAgent start(
            AgentOptions options, Vertx vertx, boolean ownsVertx, Handler<HttpServerRequest> handler) {
        if (Context.isOnEventLoopThread()) {
            throw new IllegalStateException(
                    "ServiceAgent.start blocks; call it on another thread than an event loop's");
        }
        try {
            ServiceAgent agent = new ServiceAgent(options, vertx, ownsVertx, handler);
            try {
                // Before it registers: a signal that comes in between must not leave a registration behind.
                Runtime.getRuntime().addShutdownHook(agent.hook);
                if (agent.registration != null) {
                    agent.registration.start(FIRST_ATTEMPT);
                }
                return agent;
            } catch (InterruptedException | IllegalStateException e) {
                agent.close();
                throw e;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AgentException("Interrupted while starting " + options.type() + ".", e);
        }
    }

    private static Vertx newVertx() {
        // Neither a file cache nor files from the class path are needed to serve, and each costs time at start.
        return Vertx.vertx(new VertxOptions()
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
    }

    /** The id that it is registered with, by itself or by the program that started it: {@code <type>-<address>-<port>}. */
    public String id() {
        return service.id();
    }

    /** The port that was opened. */
    public int port() {
        return server.actualPort();
    }

    /** {@code http://address:port}, as it is registered. */
    public String url() {
        return "http://" + RegistrationFormat.authority(String.valueOf(service.address()), service.port());
    }

    /** Whether the registry knew this service at the last check, about a second ago; false if it does not register. */
    public boolean isRegistered() {
        return registration != null && registration.isRegistered();
    }

    /** The Vert.x that it runs on. */
    public Vertx vertx() {
        return vertx;
    }

    /**
     * Stops the service as the class says, and waits for it; on an event loop it only begins. May be called again, also
     * while it stops: then it waits for the same end.
     */
    @Override
    public void close() {
        end(this::stopSteps);
    }

    /**
     * Ends the service as a killed process ends: its port and its connections close at once, whatever is in flight, and nothing
     * is deregistered, so that the registry notices by its check alone. For tests of what follows then; everything else wants
     * {@link #close()}. Waits for the end; on an event loop it only begins. No effect once the service is stopping.
     */
    public void abort() {
        end(this::abortSteps);
    }

    private void end(Runnable steps) {
        if (closing.compareAndSet(false, true)) {
            // Of its own, so that it does not matter where close was called. Not a daemon: it is to come to its end.
            new Thread(() -> stop(steps), "service-agent-stop").start();
        }
        if (!Context.isOnEventLoopThread()) {
            closed.join();
        }
    }

    private void stop(Runnable steps) {
        log.info("Stopping {}.", id());
        try {
            steps.run();
            log.info("Stopped {}.", id());
        } finally {
            removeHook();
            closed.complete(null);
        }
    }

    private void stopSteps() {
        gate.failHealthChecks();
        if (registration != null) {
            step("deregister", () -> registration.stop(DEREGISTER));
        }
        step("close connections", () -> {
            gate.closeConnections();
            Await.result(
                    vertx.timer(Math.max(1, options.linger().toMillis())),
                    options.linger().plus(MARGIN));
        });
        step(
                "drain",
                () -> Await.result(
                        server.shutdown(options.drain().toMillis(), TimeUnit.MILLISECONDS),
                        options.drain().plus(MARGIN)));
        closeVertx();
    }

    private void abortSteps() {
        step("cut off", () -> Await.result(server.shutdown(0, TimeUnit.MILLISECONDS), MARGIN));
        if (registration != null) {
            step("leave the registration", () -> registration.abandon(DEREGISTER));
        }
        closeVertx();
    }

    private void closeVertx() {
        if (ownsVertx) {
            step("close", () -> Await.result(vertx.close(), MARGIN));
        }
    }

    private interface StopStep {
        void run() throws Await.Failed, InterruptedException;
    }

    /** A step that fails must not keep the next one from being taken. */
    private void step(String name, StopStep step) {
        try {
            step.run();
        } catch (Await.Failed | InterruptedException | RuntimeException e) {
            log.warn("In stopping {}, the step \"{}\" failed; the next one is taken all the same.", id(), name, e);
        }
    }

    private void removeHook() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is going down, perhaps by that very hook: it is gone then anyway.
            log.debug("The shutdown hook stays: {}", e.getMessage());
        }
    }
}

package dev.pointsman.agent;

import dev.pointsman.registry.Registrar;
import dev.pointsman.registry.RegistryException;
import dev.pointsman.registry.RegistryException.Kind;
import dev.pointsman.registry.ServiceRegistration;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The loop that keeps one service registered until {@link #stop}, whatever the registry does meanwhile: {@link Upkeep}
 * decides, this acts, on a daemon thread of its own. It logs each change of the state once, not each attempt.
 */
public final class Registration {
    private static final Logger log = LoggerFactory.getLogger(Registration.class);
    private static final Duration BETWEEN_DEREGISTERS = Duration.ofMillis(250);

    private final Registrar registrar;
    private final ServiceRegistration service;
    private final Upkeep upkeep;
    private final Thread thread;
    private final CountDownLatch attempted = new CountDownLatch(1);
    private final CountDownLatch stop = new CountDownLatch(1);
    /** When nothing waits for the deregistration any more. */
    private final CountDownLatch abandoned = new CountDownLatch(1);
    /** Completes once the service is deregistered, or with why it is not. */
    private final CompletableFuture<Void> gone = new CompletableFuture<>();

    private volatile boolean registered;

    /**
     * Not begun yet.
     *
     * @param registrar is closed by {@link #stop}
     */
    public Registration(Registrar registrar, ServiceRegistration service, Upkeep upkeep) {
        this.registrar = registrar;
        this.service = service;
        this.upkeep = upkeep;
        this.thread = new Thread(this::run, "registration-" + service.id());
        thread.setDaemon(true);
    }

    /** Starts the loop, and does not wait for anything. */
    public void begin() {
        thread.start();
    }

    /**
     * Starts the loop and waits for its first attempt to be over, well or badly.
     *
     * @param bound how long to wait at most
     */
    void start(Duration bound) throws InterruptedException {
        begin();
        if (!attempted.await(bound.toNanos(), TimeUnit.NANOSECONDS)) {
            log.warn(
                    "The registry has not answered within {} s; {} serves and goes on trying to register.",
                    bound.toSeconds(),
                    service.id());
        }
    }

    /** Whether the newest answer of the registry was that it knows the service. */
    boolean isRegistered() {
        return registered;
    }

    /**
     * Ends the loop and deregisters; returns when that is done or the time is over, and then the registrar is closed.
     * An answer that is out is waited for first: a registration must not arrive behind the deregistration.
     */
    public void stop(Duration bound) throws InterruptedException {
        stop.countDown();
        try {
            gone.get(bound.toNanos(), TimeUnit.NANOSECONDS);
            log.info("Deregistered {}.", service.id());
        } catch (TimeoutException e) {
            notDeregistered("the registry did not answer within " + bound.toMillis() + " ms");
        } catch (ExecutionException e) {
            notDeregistered(
                    String.valueOf(e.getCause() == null ? e : e.getCause().getMessage()));
        } finally {
            abandoned.countDown();
            registrar.close();
        }
    }

    private void notDeregistered(String why) {
        log.warn(
                "{} was not deregistered: {}. If it is registered, its check fails from now on, and the registry forgets"
                        + " it {} s later.",
                service.id(),
                why,
                service.check().deregisterAfter().toSeconds());
    }

    private void run() {
        try {
            boolean stopped = stop.getCount() == 0;
            while (!stopped) {
                Duration pause = attempt();
                attempted.countDown();
                stopped = stop.await(pause.toNanos(), TimeUnit.NANOSECONDS);
            }
            deregister();
            registered = false;
            gone.complete(null);
        } catch (RegistryException | InterruptedException | RuntimeException e) {
            gone.completeExceptionally(e);
        }
    }

    private Duration attempt() {
        Upkeep.Step step;
        String reason = "";
        try {
            step = ask();
        } catch (RegistryException e) {
            step = upkeep.failed(e.kind());
            reason = String.valueOf(e.getMessage());
        } catch (RuntimeException e) {
            // A bug, ours or the client's, must not end the loop: the service would silently vanish one day.
            step = upkeep.failed(Kind.UNAVAILABLE);
            reason = "Unexpected failure: " + e;
            if (step.isNews()) {
                log.error("This is a bug in keeping {} registered.", service.id(), e);
            }
        }
        registered = step.to() == Upkeep.State.REGISTERED;
        if (step.isNews()) {
            tell(step, reason);
        }
        return step.pause();
    }

    private Upkeep.Step ask() throws RegistryException {
        if (upkeep.ask() == Upkeep.Ask.LOOK) {
            return upkeep.looked(registrar.isRegistered(service.id()));
        }
        registrar.register(service);
        return upkeep.registered();
    }

    private void tell(Upkeep.Step step, String reason) {
        switch (step.to()) {
            case REGISTERED ->
                log.info(
                        "Registered: {} at {}:{}, tags {}.",
                        service.id(),
                        service.address(),
                        service.port(),
                        service.tags());
            case MISSING -> log.warn("The registry has forgotten {}: registering again.", service.id());
            case AWAY -> log.warn("{}. {} goes on serving, and trying.", reason, service.id());
            case REFUSED ->
                log.error(
                        "{}. {} is tried again now and then, but this needs somebody to mend it.",
                        reason,
                        service.id());
            case NEW -> throw new IllegalStateException("nothing leads back to NEW");
        }
    }

    /** Once, and once more when it may help: this is the last chance, and a registry may just be restarting. */
    private void deregister() throws RegistryException, InterruptedException {
        try {
            registrar.deregister(service.id());
        } catch (RegistryException e) {
            if (e.kind() == Kind.REJECTED) {
                throw e;
            }
            if (abandoned.await(BETWEEN_DEREGISTERS.toNanos(), TimeUnit.NANOSECONDS)) {
                throw e;
            }
            registrar.deregister(service.id());
        }
    }
}

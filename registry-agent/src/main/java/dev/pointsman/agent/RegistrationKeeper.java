package dev.pointsman.agent;

import dev.pointsman.registry.Registrar;
import dev.pointsman.registry.RegistryException;
import dev.pointsman.registry.RegistryException.Kind;
import dev.pointsman.registry.ServiceRegistration;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The loop that keeps one service registered until {@link #deregister}, whatever the registry does meanwhile. {@link
 * RegistrationState} decides what to do next, this class does it and logs each change of the state once, not each attempt. A
 * registration never arrives after the deregistration: while the one is on its way, the other waits.
 *
 * <p>Confined to its {@link RegistrationLoop}, except {@link #isRegistered()}, which may be called on any thread.
 */
public final class RegistrationKeeper {
    private static final Logger log = LoggerFactory.getLogger(RegistrationKeeper.class);

    /** The rule for when a deregistration that failed is tried again. */
    public interface DeregistrationRetry {
        /**
         * The delay before the next attempt.
         *
         * @param failures the number of failures in a row, from 1
         * @return null to give up
         */
        @Nullable
        Duration delay(int failures, Kind kind);
    }

    private final Registrar registrar;
    private final ServiceRegistration service;
    private final String id;
    private final RegistrationState state;
    private final RegistrationLoop loop;
    private final DeregistrationRetry retry;
    private final CompletableFuture<Void> firstAttempt = new CompletableFuture<>();
    private final CompletableFuture<Void> firstDeregistration = new CompletableFuture<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    private Runnable cancelNext = () -> {};
    /** The reason of the maintenance, or null when there is none; read on the threads that run the calls. */
    private volatile @Nullable String maintenanceReason;

    private volatile boolean registered;
    private boolean registering;
    private boolean deregistering;
    private boolean replaced;
    private int failures;

    /**
     * A keeper that does nothing before {@link #begin()}.
     *
     * @param registrar stays the caller's to close
     * @param retry for a deregistration that failed
     */
    public RegistrationKeeper(
            Registrar registrar,
            ServiceRegistration service,
            RegistrationState state,
            RegistrationLoop loop,
            DeregistrationRetry retry) {
        this.registrar = registrar;
        this.service = service;
        this.id = service.id();
        this.state = state;
        this.loop = loop;
        this.retry = retry;
    }

    /**
     * Registers the service, and keeps it registered from then on. To be called once.
     *
     * @return completes when the first attempt has succeeded or failed; never fails
     */
    public CompletionStage<Void> begin() {
        step();
        return firstAttempt;
    }

    private void step() {
        if (deregistering) {
            return;
        }
        registering = state.next() == RegistrationState.RegistryRequest.REGISTER;
        boolean registers = registering;
        loop.call(registers ? this::register : () -> registrar.isRegistered(id), (found, failure) -> {
            registering = false;
            RegistrationState.Transition transition =
                    failure != null ? state.failed(kind(failure)) : registers ? state.registered() : state.found(found);
            if (!deregistering) {
                registered = transition.to() == RegistrationState.RegistrationStatus.REGISTERED;
                logNews(transition, failure);
                cancelNext = loop.after(transition.pause(), this::step);
            } else if (registers) {
                deregisterNow();
            }
            firstAttempt.complete(null);
        });
    }

    private boolean register() throws RegistryException {
        registrar.register(service);
        String reason = maintenanceReason;
        if (reason != null) {
            registrar.maintenance(id, true, reason);
        }
        return true;
    }

    /**
     * Puts the service into maintenance, and keeps it there should the registry lose it and it is registered again.
     *
     * @param reason shown by the registry
     * @return fails with a {@link RegistryException} or a {@link RuntimeException} if the registry did not do it
     */
    public CompletionStage<Void> startMaintenance(String reason) {
        maintenanceReason = reason;
        CompletableFuture<Void> done = new CompletableFuture<>();
        loop.call(
                () -> {
                    registrar.maintenance(id, true, reason);
                    return true;
                },
                (value, failure) -> complete(done, failure));
        return done;
    }

    /**
     * Deregisters the service: now, or as soon as the registration that is on its way has arrived or failed. May be called
     * again.
     *
     * @return completes after the first attempt, and fails if that failed; see {@link #ended()}
     */
    public CompletionStage<Void> deregister() {
        if (!deregistering) {
            deregistering = true;
            registered = false;
            cancelNext.run();
            if (!registering) {
                deregisterNow();
            }
        }
        return firstDeregistration;
    }

    /**
     * Ends the keeping without a deregistration: another process has been registered with the same id, and its registration
     * must not be touched.
     */
    public void replaced() {
        replaced = true;
        deregistering = true;
        registered = false;
        cancelNext.run();
        firstDeregistration.complete(null);
        ended.complete(null);
    }

    private void deregisterNow() {
        if (replaced) {
            return;
        }
        loop.call(
                () -> {
                    registrar.deregister(id);
                    return true;
                },
                (value, failure) -> {
                    if (failure == null) {
                        log.info("Deregistered {}.", id);
                        firstDeregistration.complete(null);
                        ended.complete(null);
                    } else {
                        notDeregistered(failure);
                    }
                });
    }

    private void notDeregistered(Exception failure) {
        failures++;
        Duration delay = retry.delay(failures, kind(failure));
        if (delay == null) {
            log.warn(
                    "{} was not deregistered: {}. If it is registered, its check fails from now on, and the registry"
                            + " removes it {} s later.",
                    id,
                    failure.getMessage(),
                    service.check().deregisterAfter().toSeconds());
        } else if (failures == 1) {
            log.warn(
                    "{}. If {} is registered it stays so for now, and deregistering it is tried again; its check fails"
                            + " once it has ended, and the registry removes it {} s later.",
                    failure.getMessage(),
                    id,
                    service.check().deregisterAfter().toSeconds());
        }
        firstDeregistration.completeExceptionally(failure);
        if (delay == null) {
            ended.completeExceptionally(failure);
        } else {
            cancelNext = loop.after(delay, this::deregisterNow);
        }
    }

    /** Completes when the service is deregistered or replaced; fails when deregistering it was given up. */
    public CompletionStage<Void> ended() {
        return ended;
    }

    /** Whether the registry knew the service when it last responded; false as soon as it is to be deregistered. */
    public boolean isRegistered() {
        return registered;
    }

    private static Kind kind(Exception failure) {
        // A bug, here or in the registrar, must not end the loop: the service would silently vanish one day.
        return failure instanceof RegistryException e ? e.kind() : Kind.UNAVAILABLE;
    }

    private static void complete(CompletableFuture<Void> done, @Nullable Exception failure) {
        if (failure == null) {
            done.complete(null);
        } else {
            done.completeExceptionally(failure);
        }
    }

    private void logNews(RegistrationState.Transition transition, @Nullable Exception failure) {
        if (!transition.isNews()) {
            return;
        }
        if (failure instanceof RuntimeException bug) {
            log.error("This is a bug in keeping {} registered.", id, bug);
        }
        String reason = failure == null ? "" : String.valueOf(failure.getMessage());
        switch (transition.to()) {
            case REGISTERED ->
                log.info("Registered {} at {}:{}, tags {}.", id, service.address(), service.port(), service.tags());
            case MISSING -> log.warn("The registry has lost {}: registering it again.", id);
            case UNAVAILABLE -> log.warn("{}. {} goes on, and its registration is tried again.", reason, id);
            case REJECTED ->
                log.error(
                        "{}. Registering {} is tried again every now and then, but the cause has to be corrected.",
                        reason,
                        id);
            case NEW -> throw new IllegalStateException("no transition leads back to NEW");
        }
    }
}

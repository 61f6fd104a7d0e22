package dev.pointsman.launcher;

import dev.pointsman.agent.Pace;
import dev.pointsman.agent.Upkeep;
import dev.pointsman.launcher.loop.Loop;
import dev.pointsman.registry.Registrar;
import dev.pointsman.registry.RegistryException;
import dev.pointsman.registry.ServiceRegistration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One registration that is kept: {@link Upkeep} decides what to ask the registry, this asks. A registration never arrives
 * behind the deregistration: while one is on its way, the other waits. Confined to the launcher's loop.
 */
final class Kept {
    private static final Logger LOG = LoggerFactory.getLogger(Kept.class);

    private final ServiceRegistration service;
    private final String id;
    private final Upkeep upkeep;
    private final Registrations all;
    private final Registrar registrar;
    private final CompletableFuture<Void> attempted = new CompletableFuture<>();
    private final CompletableFuture<Void> left = new CompletableFuture<>();

    /** Completes, never badly, once the registration that is on its way has arrived or failed. */
    private CompletableFuture<Void> registering = CompletableFuture.completedFuture(null);

    private Loop.@Nullable Timer next;
    /** Read where the calls run. */
    private volatile @Nullable String outBecause;

    private boolean leaving;
    private boolean replaced;
    private int failures;

    Kept(ServiceRegistration service, Upkeep upkeep, Registrations all) {
        this.service = service;
        this.id = service.id();
        this.upkeep = upkeep;
        this.all = all;
        this.registrar = all.registrar();
    }

    CompletionStage<Void> begin() {
        step();
        return attempted;
    }

    /** Another process has come to the same id: this one's registration is not to be touched any more. */
    void replaced() {
        replaced = true;
        leaving = true;
        cancelNext();
        left.complete(null);
    }

    private void step() {
        if (leaving) {
            return;
        }
        boolean registers = upkeep.ask() == Upkeep.Ask.REGISTER;
        CompletableFuture<Boolean> asked = all.call(registers ? this::register : () -> registrar.isRegistered(id));
        if (registers) {
            registering = asked.handle((done, failure) -> null);
        }
        all.loop().then(asked, (there, failure) -> {
            Upkeep.Step step = failure == null
                    ? registers ? upkeep.registered() : upkeep.looked(there)
                    : upkeep.failed(
                            failure instanceof RegistryException e ? e.kind() : RegistryException.Kind.UNAVAILABLE);
            attempted.complete(null);
            if (!leaving) {
                tell(step, failure);
                next = all.loop().after(step.pause(), this::step);
            }
        });
    }

    private boolean register() throws RegistryException {
        registrar.register(service);
        String reason = outBecause;
        if (reason != null) {
            registrar.maintenance(id, true, reason);
        }
        return true;
    }

    CompletionStage<Void> takeOut(String reason) {
        outBecause = reason;
        return all.call(() -> {
                    registrar.maintenance(id, true, reason);
                    return true;
                })
                .thenApply(done -> null);
    }

    CompletionStage<Void> leave() {
        if (!leaving) {
            leaving = true;
            cancelNext();
            all.loop().then(registering, arrived -> deregister());
        }
        return left;
    }

    private void deregister() {
        if (replaced) {
            return;
        }
        CompletionStage<Boolean> asked = all.call(() -> {
            registrar.deregister(id);
            return true;
        });
        all.loop().then(asked, (done, failure) -> {
            if (failure == null) {
                LOG.info("Deregistered {}.", id);
                all.gone(id, this);
                left.complete(null);
            } else {
                notDeregistered(failure);
            }
        });
    }

    /** The process is gone or going, and its registration must not stay: as long as we live, we try. */
    private void notDeregistered(Throwable failure) {
        if (failures == 0) {
            LOG.warn(
                    "{}. {} stays registered for now, its check fails, and the registry forgets it {} s later; it is tried"
                            + " again until then.",
                    failure.getMessage(),
                    id,
                    service.check().deregisterAfter().toSeconds());
        }
        failures++;
        left.completeExceptionally(failure);
        next = all.loop().after(Pace.DEFAULT.backoff(failures, all.random()), this::deregister);
    }

    private void cancelNext() {
        if (next != null) {
            next.cancel();
        }
    }

    private void tell(Upkeep.Step step, @Nullable Throwable failure) {
        if (!step.isNews()) {
            return;
        }
        switch (step.to()) {
            case REGISTERED -> LOG.info("Registered {}, tags {}.", id, service.tags());
            case MISSING -> LOG.warn("The registry has forgotten {}: registering again.", id);
            case AWAY -> LOG.warn("{}. {} goes on, and its registration is tried again.", message(failure), id);
            case REFUSED ->
                LOG.error("{}. It is tried again now and then, but this needs somebody to mend it.", message(failure));
            case NEW -> throw new IllegalStateException("nothing leads back to NEW");
        }
    }

    private static String message(@Nullable Throwable failure) {
        return failure == null ? "" : String.valueOf(failure.getMessage());
    }
}

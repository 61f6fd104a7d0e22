package dev.pointsman.balancer;

import dev.pointsman.balancer.config.BalancerConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The course of the balancer's {@linkplain OwnRegistration own entry}: it is made once the balancer serves, and ends with it, or is left to the
 * process that takes its place, also where that comes while it is being made. Thread-safe.
 */
final class OwnEntry {
    private static final Logger log = LoggerFactory.getLogger(OwnEntry.class);

    private final Vertx workers;
    private @Nullable OwnRegistration registration;
    private @Nullable RegistrationEnd ending;
    private boolean maintenance;

    /** How it comes to its end. */
    private enum RegistrationEnd {
        DEREGISTERED,
        LEFT
    }

    /**
     * An entry that is not made yet.
     *
     * @param workers have what asks the registry
     */
    OwnEntry(Vertx workers) {
        this.workers = workers;
    }

    /** Makes it, unless its end has begun; does not wait for the registry. */
    synchronized void begin(BalancerConfig config, int port, int adminPort) {
        if (ending == null && !maintenance) {
            // It may look up the name of the registry.
            onWorker(() -> OwnRegistration.begin(config, port, adminPort))
                    .onSuccess(this::registered)
                    .onFailure(broken -> log.error("this balancer is not registered", broken));
        }
    }

    private synchronized void registered(@Nullable OwnRegistration begun) {
        registration = begun;
        RegistrationEnd due = ending;
        if (due != null) {
            // Else this process would go on to register what it has ended, or another one is by now.
            Future<Void> unused = end(due);
        } else if (maintenance && begun != null) {
            begun.startMaintenance();
        }
    }

    /** Takes the balancer out of service in the registry, where it stays listed. */
    synchronized void startMaintenance() {
        maintenance = true;
        if (registration != null && ending == null) {
            registration.startMaintenance();
        }
    }

    /** Leaves the entry to another process, which is at the same address. */
    Future<Void> leave() {
        return end(RegistrationEnd.LEFT);
    }

    /** Deregisters the balancer; without effect where the entry was left to another process. */
    Future<Void> end() {
        return isLeft() ? Future.succeededFuture() : end(RegistrationEnd.DEREGISTERED);
    }

    private synchronized Future<Void> end(RegistrationEnd how) {
        ending = how;
        OwnRegistration known = registration;
        return known == null
                ? Future.succeededFuture()
                : onWorker(() -> {
                    if (how == RegistrationEnd.LEFT) {
                        known.leave();
                    } else {
                        known.end();
                    }
                    return null;
                });
    }

    /** Whether it was left to another process. */
    synchronized boolean isLeft() {
        return ending == RegistrationEnd.LEFT;
    }

    private <T extends @Nullable Object> Future<T> onWorker(Callable<T> work) {
        return workers.executeBlocking(work, false);
    }
}

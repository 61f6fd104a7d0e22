package dev.pointsman.balancer;

import dev.pointsman.balancer.config.BalancerConfig;
import dev.pointsman.balancer.config.TlsConfig;
import dev.pointsman.balancer.tls.TicketSecrets;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The {@link Certificates} of a running balancer, if it has any, in the care of workers: they block on the disk. Thread-safe. */
final class FollowedCertificates {
    private static final Logger log = LoggerFactory.getLogger(FollowedCertificates.class);

    /** Between two looks whether certificates and keys of session tickets have come to their time. */
    private static final Duration LOOK = Duration.ofMinutes(1);

    private final Vertx workers;
    private volatile @Nullable Certificates certificates;

    /** None, until they are opened. */
    FollowedCertificates(Vertx workers) {
        this.workers = workers;
    }

    /**
     * Reads those that a configuration names.
     *
     * @param inherited the secrets of tickets of the process before; null for none
     * @return completes with null where no port speaks TLS
     */
    Future<@Nullable Certificates> open(BalancerConfig config, @Nullable TicketSecrets inherited) {
        return workers.<@Nullable Certificates>executeBlocking(() -> Certificates.open(config, inherited))
                .onSuccess(this::follow);
    }

    private void follow(@Nullable Certificates opened) {
        certificates = opened;
        if (opened != null) {
            workers.setPeriodic(LOOK.toMillis(), due -> onWorker(() -> {
                        opened.tick();
                        return null;
                    })
                    .onFailure(failed -> log.error("certificates were not looked at; that is tried again", failed)));
        }
    }

    /** Has them be those of another configuration. */
    Future<Void> apply(TlsConfig next) {
        Certificates known = certificates;
        return known == null
                ? Future.succeededFuture()
                : onWorker(() -> {
                    known.apply(next);
                    return null;
                });
    }

    /** Adds the secrets of tickets to what another process inherits. */
    JsonObject addTo(JsonObject legacy) {
        Certificates known = certificates;
        return known == null ? legacy : InheritedTickets.added(legacy, known.tickets());
    }

    /** Ends following them. */
    Future<Void> close() {
        Certificates known = certificates;
        return known == null
                ? Future.succeededFuture()
                : workers.executeBlocking(
                        () -> {
                            known.close();
                            return null;
                        },
                        false);
    }

    private Future<Void> onWorker(Callable<Void> work) {
        return workers.executeBlocking(work);
    }
}

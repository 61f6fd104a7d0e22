package dev.pointsman.balancer;

import dev.pointsman.balancer.RoutingControl.SourceRoutes;
import dev.pointsman.balancer.claim.Claims;
import dev.pointsman.balancer.claim.ProtectedRoutes;
import dev.pointsman.balancer.config.BalancerConfig;
import dev.pointsman.balancer.route.ClaimTarget;
import dev.pointsman.registry.Following;
import dev.pointsman.registry.ServiceView;
import dev.pointsman.registry.Watch;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The routes that a registry has, in tags and in its KV: two of the sources of {@link RoutingControl}. */
final class RegistryRoutes {
    private static final Logger log = LoggerFactory.getLogger(RegistryRoutes.class);

    private final ControlLoop control;
    private final RoutingControl routing;
    private final AnnouncedRoutes announced;
    private final KvRoutes kv;

    /**
     * The routes of one registry.
     *
     * @param connection asked for the registry when something is to be followed
     * @param first the configuration of the start
     */
    RegistryRoutes(ControlLoop control, RegistryConnection connection, RoutingControl routing, BalancerConfig first) {
        this.control = control;
        this.routing = routing;
        this.announced = new AnnouncedRoutes(control.vertx(), connection::services, routing, Clock.systemUTC());
        this.kv = new KvRoutes(control.vertx(), connection::keyValues, routing, first, announced::documents);
    }

    /** Begins to follow what these settings ask for, and gives what is known already; on the control loop. */
    Future<List<SourceRoutes>> under(BalancerConfig settings) {
        SourceRoutes tags = announced.under(settings.announcements(), new ProtectedRoutes(settings.routes()));
        return kv.under(settings).map(keys -> List.of(tags, keys));
    }

    /**
     * Begins to follow what these settings ask for.
     *
     * @param legacy what counted in the process before this one, as {@link #legacy} has it
     */
    Future<Void> begin(BalancerConfig settings, JsonObject legacy) {
        return under(settings).map(known -> {
            kv.inherit(legacy);
            return null;
        });
    }

    /** What counts of the registry's KV, for the process that takes this one's place; on the control loop. */
    Future<JsonObject> legacy() {
        return kv.legacy();
    }

    /** Follows the instances of one announced route; on the control loop. */
    Watch follow(ClaimTarget target, Consumer<ServiceView> views) {
        return announced.follow(target, views);
    }

    /** What is announced now. Any thread. */
    Claims claims() {
        return announced.claims();
    }

    /** Waits for what is announced, so that it is in the first table: for a bounded time, as the registry may be away. */
    Future<Void> awaitFirst() {
        return control.call(() -> {
                    List<Following<?>> all = new ArrayList<>(announced.followed());
                    all.addAll(kv.followed());
                    return all;
                })
                .compose(all -> all.isEmpty()
                        ? Future.succeededFuture()
                        : within(
                                FirstViews.FAILING,
                                Future.join(all.stream()
                                        .map(each -> Future.fromCompletionStage(each.firstView()))
                                        .toList())))
                .compose(viewed -> control.begin(routing::settled));
    }

    private Future<Void> within(Duration time, Future<?> waited) {
        Promise<Void> over = Promise.promise();
        long timer = control.vertx().setTimer(time.toMillis(), late -> {
            if (over.tryComplete()) {
                log.warn("the registry has not said yet which routes it has; serving without them until it does");
            }
        });
        waited.onComplete(done -> {
            control.vertx().cancelTimer(timer);
            over.tryComplete();
        });
        return over.future();
    }
}

package dev.pointsman.balancer;

import dev.pointsman.balancer.health.ActiveHealthChecks;
import dev.pointsman.balancer.health.InstanceSource;
import dev.pointsman.balancer.health.StaticSource;
import dev.pointsman.balancer.http.UpstreamTransport;
import dev.pointsman.balancer.route.ClaimTarget;
import dev.pointsman.balancer.route.HealthCheck;
import dev.pointsman.balancer.route.PoolSettings;
import dev.pointsman.balancer.route.StaticTarget;
import dev.pointsman.balancer.route.Target;
import dev.pointsman.registry.OneLine;
import dev.pointsman.registry.Registry;
import dev.pointsman.registry.ServiceView;
import dev.pointsman.registry.Watch;
import java.time.Clock;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sources that feed pools: for upstreams that are written down the route itself, else the registry; with the balancer's
 * own checks where a route asks for them.
 */
final class TargetSources implements Pools.TargetFollower {
    private static final Logger log = LoggerFactory.getLogger(TargetSources.class);

    private final Supplier<Registry> registry;
    private final ActiveHealthChecks checks;
    private final Runnable prepareTls;
    private final BiFunction<ClaimTarget, Consumer<ServiceView>, Watch> announced;

    /**
     * The sources of one balancer.
     *
     * @param registry asked for the first time when a target is followed that needs it
     * @param prepareTls called before instances of another target are spoken to over TLS
     * @param announced follows the instances that announce their route
     */
    TargetSources(
            Supplier<Registry> registry,
            ActiveHealthChecks checks,
            Runnable prepareTls,
            BiFunction<ClaimTarget, Consumer<ServiceView>, Watch> announced) {
        this.registry = registry;
        this.checks = checks;
        this.prepareTls = prepareTls;
        this.announced = announced;
    }

    @Override
    public Watch follow(Target target, PoolSettings settings, Consumer<ServiceView> views) {
        UpstreamTransport transport = settings.transport();
        if (transport.protocol().isTls()) {
            prepareTls.run();
        }
        if (transport.skipVerify()) {
            log.warn(
                    "{}: tls-skip-verify: whoever is between this balancer and these instances can read and change everything",
                    OneLine.of(target.name()));
        }
        InstanceSource source = source(target);
        HealthCheck check = settings.health();
        return (check == null ? source : checks.checked(source, check, transport)).follow(views);
    }

    private InstanceSource source(Target target) {
        if (target instanceof StaticTarget written) {
            return new StaticSource(written, Clock.systemUTC());
        }
        if (target instanceof ClaimTarget claimed) {
            return views -> announced.apply(claimed, views);
        }
        return views -> registry.get().watch(target.name(), views);
    }
}

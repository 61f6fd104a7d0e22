package dev.pointsman.cli;

import dev.pointsman.balancer.config.BalancerConfig;
import dev.pointsman.balancer.route.Branch;
import dev.pointsman.balancer.route.Route;
import dev.pointsman.balancer.route.TagTarget;
import dev.pointsman.cli.run.CommandFailure;
import dev.pointsman.registry.ServiceView;
import dev.pointsman.registry.Watch;
import dev.pointsman.registry.WatchStatus;
import dev.pointsman.registry.consul.ConsulRegistry;
import dev.pointsman.registry.consul.ConsulWatchOptions;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A look at the registry: whether it has instances for each target of the routes now, by the balancer's own watch. */
final class TargetCheck {
    /** For all targets together; a registry that is slower than that is of no use to a balancer either. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

    private TargetCheck() {}

    /**
     * A sentence for each route to a target that no instance has.
     *
     * @throws CommandFailure if the registry does not say
     */
    static List<String> missing(BalancerConfig config) throws Exception {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(1));
        ConsulRegistry registry = new ConsulRegistry(vertx, config.consul(), ConsulWatchOptions.DEFAULT);
        try {
            Map<String, Watch> watches = new LinkedHashMap<>();
            config.routes().stream()
                    .flatMap(route -> route.branches().stream())
                    .map(Branch::target)
                    .filter(TagTarget.class::isInstance)
                    .forEach(
                            target -> watches.computeIfAbsent(target.name(), name -> registry.watch(name, view -> {})));
            return missing(config, views(watches, config.consul().url()));
        } finally {
            registry.close();
            RunningProcess.await(vertx.close());
        }
    }

    private static Map<String, ServiceView> views(Map<String, Watch> watches, String url)
            throws CommandFailure, InterruptedException, ExecutionException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        Map<String, ServiceView> views = new LinkedHashMap<>();
        for (Map.Entry<String, Watch> each : watches.entrySet()) {
            views.put(each.getKey(), view(each.getValue(), url, deadline));
        }
        return views;
    }

    private static ServiceView view(Watch watch, String url, long deadline)
            throws CommandFailure, InterruptedException, ExecutionException {
        CompletableFuture<ServiceView> first = watch.firstView().toCompletableFuture();
        while (true) {
            try {
                return first.get(BETWEEN_LOOKS.toNanos(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException notYet) {
                WatchStatus status = watch.status();
                if (status.failures() > 1 || System.nanoTime() - deadline >= 0) {
                    throw new CommandFailure("the registry at " + url + " does not say whether it has " + watch.target()
                            + ": " + Objects.requireNonNullElse(status.lastError(), "no response"));
                }
            }
        }
    }

    private static List<String> missing(BalancerConfig config, Map<String, ServiceView> views) {
        List<String> missing = new ArrayList<>();
        for (Route route : config.routes()) {
            for (Branch branch : route.branches()) {
                ServiceView view = views.get(branch.target().name());
                if (branch.target() instanceof TagTarget
                        && view != null
                        && view.instances().isEmpty()) {
                    missing.add(route.origin() + ": " + route.key() + ": no instance has the tag or the service name \""
                            + branch.target().name() + "\" (expected: one that is registered at "
                            + config.consul().url() + " now)");
                }
            }
        }
        return missing;
    }
}

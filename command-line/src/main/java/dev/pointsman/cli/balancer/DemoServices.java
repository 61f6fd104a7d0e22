package dev.pointsman.cli.balancer;

import dev.pointsman.agent.AgentException;
import dev.pointsman.balancer.StartException;
import dev.pointsman.launcher.Launcher;
import dev.pointsman.launcher.api.Output;
import dev.pointsman.launcher.control.ControlException;
import dev.pointsman.launcher.control.ControlServer;
import dev.pointsman.launcher.control.LauncherDescription;
import dev.pointsman.launcher.control.PrivateFolder;
import dev.pointsman.launcher.control.TypeTracker;
import dev.pointsman.launcher.plan.InstanceOptions;
import dev.pointsman.launcher.plan.ServicePlan;
import dev.pointsman.registry.consul.ConsulAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The services of a demo: a launcher in the demo's own process, which takes {@code pointsman list}, {@code scale}, {@code
 * reload} and the others as one of {@code pointsman run} does.
 */
final class DemoServices {
    private static final Logger log = LoggerFactory.getLogger(DemoServices.class);
    private static final List<String> TYPES = List.of("api-service", "webapp-service");
    private static final int INSTANCES = 2;
    /** What is left once everything was killed: to notice it, and to delete a file and a socket. */
    private static final Duration LAST_STEPS = Duration.ofMillis(300);

    /** How many instances there are at first. */
    static final int NUMBER = TYPES.size() * INSTANCES;

    private final Launcher launcher;
    private final ControlServer control;
    private final CompletableFuture<Integer> ended;

    private DemoServices(Launcher launcher, ControlServer control) {
        this.launcher = launcher;
        this.control = control;
        this.ended = launcher.ended().toCompletableFuture();
    }

    /** Begins to start them, and returns before they are up. */
    static DemoServices start(Path jar, DemoPorts ports, Output output) throws StartException {
        List<ServicePlan> plans = TYPES.stream().map(type -> plan(type, jar)).toList();
        try {
            long uid = PrivateFolder.ownUid();
            Path folder = PrivateFolder.of(System.getenv(), uid);
            PrivateFolder.open(folder, uid);
            ConsulAddress registry = ConsulAddress.of("127.0.0.1", ports.registry());
            Launcher launcher = new Launcher(plans, registry, null, output, folder);
            DemoServices services = new DemoServices(launcher, listen(folder, uid, launcher));
            launcher.start().whenComplete((result, failure) -> {
                if (failure != null) {
                    log.error("the services did not start", failure);
                } else if (!result.done()) {
                    log.warn("{}", result.sentence());
                }
            });
            return services;
        } catch (ControlException | IOException | AgentException | IllegalArgumentException unusable) {
            throw new StartException("the services cannot be started: " + unusable.getMessage());
        }
    }

    /** Each listens on the port that it is given, and leaves the registry to the launcher. */
    private static ServicePlan plan(String type, Path jar) {
        return new ServicePlan(
                type,
                JavaCommand.of(jar, type, "--port", "{port}", "--unregistered"),
                INSTANCES,
                JavaCommand.environment(),
                null,
                "/health",
                List.of(),
                Map.of(),
                InstanceOptions.DEFAULT,
                List.of(),
                List.of());
    }

    private static ControlServer listen(Path folder, long uid, Launcher launcher) throws ControlException {
        TypeTracker types = new TypeTracker(launcher, TYPES);
        LauncherDescription facts =
                new LauncherDescription(ProcessHandle.current().pid(), types::names, null);
        try {
            return ControlServer.listen(folder, uid, types, facts);
        } catch (ControlException unusable) {
            launcher.close();
            throw unusable;
        }
    }

    /** Completes with the launcher's exit code when it has ended, also because somebody deleted all services. */
    CompletableFuture<Integer> ended() {
        return ended;
    }

    /**
     * Deregisters them, lets them finish what is under way, and ends them; returns when that is done, or the patience over.
     *
     * @return whether it is done
     */
    boolean stop(Duration patience) throws InterruptedException {
        launcher.stop();
        return isOver(patience);
    }

    /** After {@link #stop}: takes no commands any more. Whatever was left of the services is dead by now. */
    void close() throws InterruptedException {
        if (!isOver(LAST_STEPS)) {
            log.warn("the launcher has not put its things away; the next start will");
        }
        control.close();
    }

    private boolean isOver(Duration patience) throws InterruptedException {
        try {
            ended.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException notYet) {
            return false;
        } catch (ExecutionException failed) {
            log.warn("the launcher did not stop in order", failed.getCause());
            return true;
        }
    }
}

package dev.pointsman.launcher.run;

import dev.pointsman.agent.RegistrationFormat;
import dev.pointsman.launcher.api.Output;
import dev.pointsman.launcher.loop.Loop;
import dev.pointsman.launcher.plan.EnvFile;
import dev.pointsman.launcher.plan.PlanException;
import dev.pointsman.launcher.plan.ServicePlan;
import dev.pointsman.launcher.process.ChildProcess;
import dev.pointsman.launcher.process.PortHolder;
import dev.pointsman.launcher.process.Program;
import dev.pointsman.launcher.process.Programs.CannotStartException;
import dev.pointsman.registry.OneLine;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The startup of one instance: a free port, a process, and health checks until it responds on that port. A port that is lost
 * to another program costs a process, and does not count as a failure: the instance gets another port, and with it another
 * id. Confined to the launcher's loop.
 */
final class Startup {
    /** The receiver of the events of a startup. */
    interface StartupOwner {
        /** Whether the startup is to go on. */
        boolean isWanted();

        /** Called when there is a process, not necessarily the last one. */
        void spawned(ChildProcess child);

        /** Called when the instance's own process responds on its own port; what follows is up to the owner. */
        void responds(ChildProcess process);

        /** Called when the instance will not come up. */
        void failed(String why);

        /** Called when the startup has ended because it is not wanted any more. */
        void abandoned();

        /** Called when the instance was up, and has failed too many checks in a row since. */
        void unhealthy(ChildProcess process, String why);
    }

    private static final Logger LOG = LoggerFactory.getLogger(Startup.class);
    /** The time between SIGTERM and SIGKILL for what is left of a program whose own process has ended. */
    private static final Duration LEFTOVER_TIMEOUT = Duration.ofSeconds(2);

    private final ServicePlan plan;
    private final int number;
    private final LauncherContext context;
    private final InstanceCounters counters;
    private final StartupOwner owner;

    private String id = "";
    private int port;
    private int ports;
    private @Nullable ChildProcess child;
    private @Nullable HealthChecker checker;
    private Loop.@Nullable LoopTimer timeout;
    private boolean saidReady;
    private boolean waitsForReady;

    /** @param number which of the instances of its type it is, from 0 */
    Startup(ServicePlan plan, int number, LauncherContext context, InstanceCounters counters, StartupOwner owner) {
        this.plan = plan;
        this.number = number;
        this.context = context;
        this.counters = counters;
        this.owner = owner;
    }

    void begin() {
        try {
            port = context.ports().next();
        } catch (IOException e) {
            owner.failed("found no free port: " + e.getMessage());
            return;
        }
        ports++;
        saidReady = plan.process().readyLine() == null;
        waitsForReady = false;
        id = RegistrationFormat.id(plan.type(), context.address(), port);
        String thisId = id;
        // In the journal before there is a process that could become an orphan.
        context.loop().then(context.journal().put(thisId, 0), written -> spawn(thisId));
    }

    private void spawn(String thisId) {
        if (!owner.isWanted()) {
            owner.abandoned();
            return;
        }
        context.loop().then(context.programs().start(program(thisId)), (started, failure) -> {
            if (failure != null) {
                owner.failed("cannot be started: " + failure.getMessage());
            } else {
                spawned(started);
            }
        });
    }

    private Program program(String thisId) {
        Output output = context.output();
        return new Program(
                thisId,
                plan.command(),
                port,
                this::environment,
                plan.directory(),
                output == null ? null : line -> printed(output, thisId, line));
    }

    /** Passes a line on; called on the thread that reads them. */
    private void printed(Output output, String thisId, String line) {
        output.line(plan.type(), thisId, line);
        String ready = plan.process().readyLine();
        if (ready != null && line.contains(ready)) {
            context.loop().execute(() -> saidReady(thisId));
        }
    }

    private void saidReady(String whose) {
        if (whose.equals(id) && !saidReady) {
            saidReady = true;
            if (waitsForReady) {
                // Checked once more: it may have stopped responding meanwhile.
                again();
            }
        }
    }

    private Map<String, String> environment() throws CannotStartException {
        try {
            Map<String, String> environment = new HashMap<>(EnvFile.variables(plan));
            environment.put("POINTSMAN_TYPE", plan.type());
            environment.put(plan.process().numberVariable(), Integer.toString(number));
            environment.put("CONSUL_HTTP_ADDR", context.consul());
            return environment;
        } catch (PlanException unreadable) {
            throw new CannotStartException(String.join("; ", unreadable.problems()));
        }
    }

    private void spawned(ChildProcess started) {
        child = started;
        counters.starts++;
        context.journal().put(id, started.pid());
        owner.spawned(started);
        if (!owner.isWanted()) {
            // Asked to end before there was a process to end.
            owner.abandoned();
            return;
        }
        timeout = context.loop().after(plan.options().startTimeout(), () -> tooSlow(started));
        checker = new HealthChecker(plan, port, context, () -> responds(started), why -> owner.unhealthy(started, why));
        checker.begin();
    }

    /** Handles the first response on the port, by this instance's process or by another one. */
    private void responds(ChildProcess process) {
        context.loop().then(context.programs().holder(port, process), holder -> {
            if (!isStill(process)) {
                return;
            }
            switch (holder.kind()) {
                case ANOTHER -> portLost(process, holder.name());
                case NONE -> again();
                case OURS, UNKNOWN -> respondsItself(process);
            }
        });
    }

    private void respondsItself(ChildProcess process) {
        waitsForReady = !saidReady;
        if (saidReady) {
            owner.responds(process);
        }
    }

    private void again() {
        if (checker != null) {
            checker.again();
        }
    }

    /** Whether this is still the process that is to come up. */
    boolean isStill(ChildProcess process) {
        return child == process && owner.isWanted();
    }

    /** Notes that the instance is up: from now on it is checked once a second. */
    void isUp() {
        cancelTimeout();
        if (checker != null) {
            checker.isUp();
        }
    }

    private void tooSlow(ChildProcess process) {
        context.loop().then(context.programs().holder(port, process), holder -> {
            if (isStill(process) && holder.kind() == PortHolder.HolderKind.ANOTHER) {
                portLost(process, holder.name());
            } else {
                context.loop().then(context.programs().listening(process), listening -> tooSlow(process, listening));
            }
        });
    }

    private void tooSlow(ChildProcess process, List<Integer> listening) {
        if (isStill(process)) {
            owner.failed(
                    waitsForReady
                            ? Messages.notReady(plan)
                            : Messages.tooSlow(plan, port, checker == null ? "" : checker.why(), listening));
        }
    }

    private void portLost(ChildProcess process, String to) {
        counters.portsLost++;
        stop();
        String holder = to.isEmpty() ? "another program" : OneLine.of(to);
        LOG.info("{} lost its port {} to {}; it gets another one.", id, port, holder);
        String lostId = id;
        child = null;
        context.loop().then(process.end(plan.options().stopTimeout()), killed -> context.journal()
                .remove(lostId));
        if (ports >= context.ports().tries()) {
            owner.failed(
                    "lost its port to " + holder + (ports > 1 ? ", as it did " + (ports - 1) + " others before" : ""));
        } else {
            begin();
        }
    }

    /** Handles the end of the process before it was registered: by itself, or because the port was taken. */
    void exited(ChildProcess ended, int code) {
        stop();
        context.loop().then(ended.end(LEFTOVER_TIMEOUT), killed -> {
            if (!isStill(ended)) {
                return;
            }
            if (!context.ports().isFree(port)) {
                portLost(ended, "");
            } else {
                counters.exits++;
                owner.failed(Messages.exit(code) + " before it was up");
            }
        });
    }

    /** Ends the checks and the timeout. */
    void stop() {
        cancelTimeout();
        if (checker != null) {
            checker.stop();
        }
    }

    private void cancelTimeout() {
        if (timeout != null) {
            timeout.cancel();
        }
    }

    String id() {
        return id;
    }

    int port() {
        return port;
    }

    /** The newest process, or null. */
    @Nullable
    ChildProcess child() {
        return child;
    }

    String health() {
        return checker == null ? "unknown" : checker.health();
    }
}

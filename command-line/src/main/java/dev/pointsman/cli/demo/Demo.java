package dev.pointsman.cli.demo;

import dev.pointsman.cli.run.CommandFailure;
import dev.pointsman.cli.run.LauncherStart;
import dev.pointsman.cli.run.LocalLauncher;
import dev.pointsman.cli.run.RuntimeFolder;
import dev.pointsman.launcher.control.ControlException;
import dev.pointsman.launcher.process.ProcessPrograms;
import dev.pointsman.launcher.process.Program;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running demo: its registry, its balancer and its services, in one process that starts and stops them.
 *
 * <p>Start:
 *
 * <ol>
 *   <li>the registry
 *   <li>the balancer
 *   <li>the services, by a launcher in this process
 * </ol>
 *
 * <p>Stop, in less than 5 s: the other way round, so that every service can still deregister and finish what the balancer
 * has sent to it. {@link #run} and {@link #stop} may be called from different threads.
 */
public final class Demo {
    private static final Logger log = LoggerFactory.getLogger(Demo.class);
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final long POLL_MILLIS = 50;
    private static final Duration SERVICES_END = Duration.ofSeconds(3);
    private static final Duration PROGRAM_END = Duration.ofMillis(800);
    /** The time for the last steps once everything was killed: to notice it, and to delete a file and a socket. */
    private static final Duration LAST_STEPS = Duration.ofMillis(300);

    private final DemoPlan plan;
    private final LauncherStart launcherStart;
    private final RuntimeFolder folder;
    private final PrintWriter out;
    private final DemoLogs logs;
    private final ProcessPrograms programs = new ProcessPrograms(name(), Clock.systemUTC(), System::nanoTime);
    private final DemoProbe probe;
    private final Object lock = new Object();
    private final CountDownLatch stopped = new CountDownLatch(1);

    // Guarded by the lock until stopping is set; from then on nothing is started any more.
    /** The started programs, the newest first. */
    private final Deque<DemoProgram> started = new ArrayDeque<>();

    private @Nullable LocalLauncher services;
    private boolean stopping;

    /**
     * A demo that runs nothing before {@link #run}.
     *
     * @param folder where the launcher is found by {@code pointsman list} and the others
     * @param logs for what the processes print; closed when all have ended
     */
    public Demo(DemoPlan plan, LauncherStart launcherStart, RuntimeFolder folder, PrintWriter out, DemoLogs logs) {
        this.plan = plan;
        this.launcherStart = launcherStart;
        this.folder = folder;
        this.out = out;
        this.logs = logs;
        this.probe = new DemoProbe(plan.ports());
    }

    /** A name that no other process has, nor had. */
    private static String name() {
        return "demo-" + ProcessHandle.current().pid() + "-" + Long.toHexString(new SplittableRandom().nextLong());
    }

    /** Starts everything, prints what to try, and returns when the demo was stopped. */
    public void run() throws CommandFailure, ControlException, InterruptedException {
        try {
            plan.ports().refuseUsed();
            say("Starting a registry, a balancer and four services ...");
            DemoProgram registry = start(plan.registry(logs.output()));
            await("the registry", registry.ended(), probe::registryResponds);
            DemoProgram balancer = start(plan.balancer(logs.output()));
            LocalLauncher launcher = startServices();
            CompletableFuture<Object> anyEnd = CompletableFuture.anyOf(
                    registry.ended(), balancer.ended(), launcher.ended().toCompletableFuture());
            await("the balancer and its services", anyEnd, this::isReady);
            DemoHints.of(plan.ports()).forEach(this::say);
            anyEnd.get();
            reportEnd(launcher);
        } catch (ExecutionException impossible) {
            throw new CommandFailure("the demo lost sight of its processes: " + impossible.getCause());
        } catch (CommandFailure | ControlException broken) {
            // A demo that is stopped while it still starts need not say what did not start.
            if (!isStopping()) {
                throw broken;
            }
        }
    }

    /** Whether everything that the hints tell to try works. */
    private boolean isReady() {
        return probe.balancerIsReadyWith(DemoPlan.SERVICES) && probe.servicesCallEachOther(DemoPlan.SERVICES);
    }

    private DemoProgram start(Program program) throws CommandFailure, InterruptedException {
        synchronized (lock) {
            refuseIfStopping();
            started.push(DemoProgram.start(programs, program));
            return started.element();
        }
    }

    private LocalLauncher startServices() throws CommandFailure, ControlException {
        synchronized (lock) {
            refuseIfStopping();
            LocalLauncher launcher = LocalLauncher.start(launcherStart, plan.services(), logs.output(), folder);
            services = launcher;
            launcher.listen();
            return launcher;
        }
    }

    private void refuseIfStopping() throws CommandFailure {
        if (stopping) {
            throw new CommandFailure("stopped while starting");
        }
    }

    /**
     * Reports the end of the registry, of the balancer or of all services, which is the end of the demo; single
     * instances may come and go.
     */
    private void reportEnd(LocalLauncher launcher) throws CommandFailure {
        if (isStopping()) {
            return;
        }
        for (DemoProgram program : started) {
            if (program.ended().isDone()) {
                throw new CommandFailure("the " + program.name() + " ended (exit code "
                        + program.ended().join() + "), and nothing works without it; the others are stopped");
            }
        }
        if (launcher.ended().toCompletableFuture().join() != 0) {
            throw new CommandFailure("the services were given up, why is said above; the others are stopped");
        }
        say("The last service was deleted; the others are stopped.");
    }

    private boolean isStopping() {
        synchronized (lock) {
            return stopping;
        }
    }

    private void await(String what, CompletableFuture<?> end, BooleanSupplier ready)
            throws CommandFailure, InterruptedException {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (!ready.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new CommandFailure(what + " did not get ready within " + START_LIMIT.toSeconds() + " s");
            }
            try {
                Object code = end.get(POLL_MILLIS, TimeUnit.MILLISECONDS);
                throw new CommandFailure(what + " did not start (exit code " + code + "); why is said above");
            } catch (TimeoutException goesOn) {
                // and is asked again
            } catch (ExecutionException failed) {
                throw new CommandFailure(what + " did not start: " + failed.getCause());
            }
        }
    }

    /**
     * Stops everything, services first; what does not end by itself is killed. A later call waits for the same end.
     *
     * @return whether this was the first call
     */
    public boolean stop() {
        boolean first = isFirstToStop();
        try {
            if (first) {
                stopAll();
            } else {
                stopped.await();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        return first;
    }

    private boolean isFirstToStop() {
        synchronized (lock) {
            boolean first = !stopping;
            stopping = true;
            return first;
        }
    }

    private void stopAll() throws InterruptedException {
        try {
            if (!started.isEmpty()) {
                say("");
                say("Stopping ...");
                stopWhatRuns();
                say("Stopped.");
            }
        } finally {
            logs.close();
            programs.close();
            stopped.countDown();
        }
    }

    private void stopWhatRuns() throws InterruptedException {
        if (services != null && !isOver(services.stop(), SERVICES_END)) {
            say("What is still under way after " + SERVICES_END.toSeconds() + " s is cut off.");
        }
        for (DemoProgram program : started) {
            program.end(PROGRAM_END);
        }
        ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
        if (services != null) {
            if (!isOver(services.ended(), LAST_STEPS)) {
                log.warn("the launcher has not put its things away; the next start will");
            }
            services.close();
        }
    }

    private static boolean isOver(CompletionStage<Integer> ended, Duration patience) throws InterruptedException {
        try {
            ended.toCompletableFuture().get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException notYet) {
            return false;
        } catch (ExecutionException failed) {
            log.warn("the launcher did not stop in order", failed.getCause());
            return true;
        }
    }

    private void say(String line) {
        out.println(line);
        out.flush();
    }
}

package dev.pointsman.cli.demo;

import dev.pointsman.balancer.StartException;
import dev.pointsman.launcher.log.InstanceLogs;
import dev.pointsman.launcher.process.ProcessPrograms;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The processes of a demo.
 *
 * <p>Start:
 *
 * <ol>
 *   <li>the registry
 *   <li>the balancer
 *   <li>the services, by a launcher in this process, see {@link DemoServices}
 * </ol>
 *
 * <p>Stop, in less than 5 s: the other way round, so that every service can still deregister and finish what the balancer
 * has sent to it. {@link #run} and {@link #stop} may be called from different threads.
 */
public final class Demo {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final long POLL_MILLIS = 50;
    private static final Duration SERVICES_END = Duration.ofSeconds(2);
    private static final Duration CHILD_END = Duration.ofMillis(800);

    private final DemoPorts ports;
    private final Path balancerJar;
    private final Path serviceJar;
    private final PrintWriter out;
    private final InstanceLogs lines;
    private final ProcessPrograms programs = new ProcessPrograms(name(), Clock.systemUTC(), System::nanoTime);
    private final DemoProbe probe;
    private final Object lock = new Object();
    private final CountDownLatch stopped = new CountDownLatch(1);

    // Guarded by the lock.
    private @Nullable DemoProgram registry;
    private @Nullable DemoProgram balancer;
    private @Nullable DemoServices services;
    private boolean stopping;

    /** @param terminal for what the processes print: not {@code out}, which a terminal that stands still holds locked */
    public Demo(DemoPorts ports, Path balancerJar, Path serviceJar, PrintWriter out, PrintWriter terminal) {
        this.ports = ports;
        this.balancerJar = balancerJar;
        this.serviceJar = serviceJar;
        this.out = out;
        this.lines = new InstanceLogs(null, terminal, Clock.systemUTC());
        this.probe = new DemoProbe(ports);
    }

    /** One that no other process has, nor had. */
    private static String name() {
        return "demo-" + ProcessHandle.current().pid() + "-" + Long.toHexString(new SplittableRandom().nextLong());
    }

    /** Starts everything, says what to try, and returns when it was stopped. */
    public void run() throws StartException, InterruptedException {
        try {
            ports.refuseUsed();
            say("Starting a registry, a balancer and four services ...");
            DemoProgram startedRegistry = startRegistry();
            await("the registry", startedRegistry.exit(), probe::registryAnswers);
            DemoProgram startedBalancer = startBalancer();
            DemoServices startedServices = startServices();
            CompletableFuture<Object> anyEnd =
                    CompletableFuture.anyOf(startedRegistry.exit(), startedBalancer.exit(), startedServices.ended());
            await("the balancer and its services", anyEnd, () -> probe.balancerIsReadyWith(DemoServices.NUMBER));
            DemoHints.of(ports).forEach(this::say);
            anyEnd.get();
            tellTheEnd(List.of(startedRegistry, startedBalancer), startedServices);
        } catch (ExecutionException impossible) {
            throw new StartException("the demo lost sight of its processes: " + impossible.getCause());
        } catch (StartException broken) {
            // Who stops a demo that is still starting need not hear what did not start.
            if (!isStopping()) {
                throw broken;
            }
        }
    }

    private DemoProgram startRegistry() throws StartException, InterruptedException {
        synchronized (lock) {
            refuseIfStopping();
            String port = Integer.toString(ports.registry());
            registry = DemoProgram.start(
                    programs,
                    "registry",
                    JavaCommand.of(balancerJar, "registry", "--port", port),
                    ports.registry(),
                    lines);
            return registry;
        }
    }

    private DemoProgram startBalancer() throws StartException, InterruptedException {
        synchronized (lock) {
            refuseIfStopping();
            List<String> command = JavaCommand.of(
                    balancerJar,
                    "balancer",
                    "--port",
                    Integer.toString(ports.clients()),
                    "--admin",
                    "127.0.0.1:" + ports.admin(),
                    "--consul",
                    ports.registryUrl());
            balancer = DemoProgram.start(programs, "balancer", command, ports.clients(), lines);
            return balancer;
        }
    }

    private DemoServices startServices() throws StartException {
        synchronized (lock) {
            refuseIfStopping();
            services = DemoServices.start(serviceJar, ports, lines);
            return services;
        }
    }

    private void refuseIfStopping() throws StartException {
        if (stopping) {
            throw new StartException("stopped while starting");
        }
    }

    /** Instances may come and go; the registry and the balancer may not, and without any service there is nothing to show. */
    private void tellTheEnd(List<DemoProgram> essential, DemoServices startedServices) throws StartException {
        if (isStopping()) {
            return;
        }
        for (DemoProgram child : essential) {
            if (!child.isAlive()) {
                throw new StartException("the " + child.name() + " ended (exit code " + child.exitCode()
                        + "), and nothing works without it; the others are stopped");
            }
        }
        if (startedServices.ended().join() != 0) {
            throw new StartException("the services were given up, why is said above; the others are stopped");
        }
        say("The last service was deleted; the others are stopped.");
    }

    private boolean isStopping() {
        synchronized (lock) {
            return stopping;
        }
    }

    private void await(String what, CompletableFuture<?> end, BooleanSupplier ready)
            throws StartException, InterruptedException {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (!ready.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new StartException(what + " did not get ready within " + START_LIMIT.toSeconds() + " s");
            }
            try {
                Object code = end.get(POLL_MILLIS, TimeUnit.MILLISECONDS);
                throw new StartException(what + " did not start (exit code " + code + "); why is said above");
            } catch (TimeoutException goesOn) {
                // and is asked again
            } catch (ExecutionException failed) {
                throw new StartException(what + " did not start: " + failed.getCause());
            }
        }
    }

    /**
     * Stops whatever runs, services first; what does not end by itself is ended. A later call waits for the same end.
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
            if (registry != null) {
                say("");
                say("Stopping ...");
                stopWhatRuns();
                say("Stopped.");
            }
        } finally {
            lines.close();
            programs.close();
            stopped.countDown();
        }
    }

    /** Nothing is started any more, so that the fields stay as they are. */
    private void stopWhatRuns() throws InterruptedException {
        if (services != null && !services.stop(SERVICES_END)) {
            say("What is still under way after " + SERVICES_END.toSeconds() + " s is cut off.");
        }
        if (balancer != null) {
            balancer.end(CHILD_END);
        }
        if (registry != null) {
            registry.end(CHILD_END);
        }
        ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
        if (services != null) {
            services.close();
        }
    }

    private void say(String line) {
        out.println(line);
        out.flush();
    }
}

package dev.pointsman.cli.run;

import dev.pointsman.launcher.control.ControlException;
import dev.pointsman.launcher.control.TypeTracker;
import dev.pointsman.launcher.log.InstanceLogs;
import dev.pointsman.launcher.log.LogSettings;
import dev.pointsman.launcher.plan.ServicePlan;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of a launcher's process.
 *
 * <ol>
 *   <li>the folder of the socket, and the log files
 *   <li>the launcher itself, which starts the instances
 *   <li>the socket, for {@code pointsman list} and the others
 *   <li>the watched folders, and SIGUSR2
 *   <li>word to systemd, once everything is up
 * </ol>
 *
 * It ends when it is told to by a signal (exit code 0), when its last type is deleted (0), or when it gives up (1), and puts
 * things away in the opposite order.
 */
public final class LauncherProcess {
    private static final Logger log = LoggerFactory.getLogger(LauncherProcess.class);

    /** The time beyond what the plans allow for draining and stopping. */
    private static final Duration SLACK = Duration.ofSeconds(15);

    private static final int FAILED = 1;
    private static final long LOOK_MILLIS = 100;

    private final LauncherStart launcherStart;
    private final RuntimeFolder folder;
    private final PrintWriter instanceLines;
    private final PrintWriter out;
    private final SystemdNotify systemd;
    private final CompletableFuture<Integer> end = new CompletableFuture<>();
    private final CountDownLatch allPutAway = new CountDownLatch(1);

    /**
     * A process that runs nothing before {@link #run}.
     *
     * @param environment where systemd says that it waits for word
     * @param instanceLines for what instances print; see {@code PointsmanCommand}
     * @param out for what the launcher says of itself
     */
    public LauncherProcess(
            LauncherStart launcherStart,
            RuntimeFolder folder,
            Map<String, String> environment,
            PrintWriter instanceLines,
            PrintWriter out) {
        this.launcherStart = launcherStart;
        this.folder = folder;
        this.systemd = new SystemdNotify(environment, SystemdNotify.PROGRAM);
        this.instanceLines = instanceLines;
        this.out = out;
    }

    /**
     * Runs the launcher until it ends. Once for each object.
     *
     * @param plan what to run, and where
     * @param settings where to keep what instances print, or null for nowhere
     * @param quiet whether it is kept only, and not printed as well
     */
    public void run(LauncherPlan plan, @Nullable LogSettings settings, boolean quiet)
            throws ControlException, CommandFailure, InterruptedException {
        folder.open();
        try (InstanceLogs logs = new InstanceLogs(settings, quiet ? null : instanceLines, Clock.systemUTC())) {
            announce(plan, logs.folder());
            LocalLauncher launcher = LocalLauncher.start(launcherStart, plan, logs, folder);
            launcher.ended().whenComplete(this::ended);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stopAtSignal(launcher, plan.services()), "stop"));
            serve(launcher, plan.services());
        } finally {
            allPutAway.countDown();
        }
    }

    private void serve(LocalLauncher launcher, List<ServicePlan> plans)
            throws ControlException, CommandFailure, InterruptedException {
        TypeTracker types = launcher.types();
        Reloads reloads = new Reloads(types);
        try (launcher;
                Watches watches = new Watches(plans, reloads)) {
            launcher.listen();
            log.debug("watched: {}", watches);
            UserSignal.handle("USR2", () -> types.names().forEach(type -> reloads.ask(type, "SIGUSR2")));
            tellWhenReady(types, plans);
            if (await() != 0) {
                throw new CommandFailure("a type was given up; why is said above");
            }
        } catch (ControlException | CommandFailure failed) {
            // Nothing is to be left running by a start that failed half-way; after an end this changes nothing.
            stop(launcher);
            await();
            throw failed;
        }
    }

    private void tellWhenReady(TypeTracker types, List<ServicePlan> plans) throws InterruptedException {
        Progress progress = new Progress(plans);
        while (systemd.wanted() && !end.isDone()) {
            if (progress.allUp(types.list())) {
                systemd.ready(progress.allAreUp());
                return;
            }
            try {
                end.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException notYet) {
                // looked at again
            } catch (ExecutionException failed) {
                return;
            }
        }
    }

    private int await() throws InterruptedException {
        try {
            return end.get();
        } catch (ExecutionException failed) {
            log.error("the launcher did not stop in order", failed.getCause());
            return FAILED;
        }
    }

    private void stop(LocalLauncher launcher) {
        launcher.stop().whenComplete(this::ended);
    }

    private void ended(@Nullable Integer exitCode, @Nullable Throwable failure) {
        if (failure != null) {
            end.completeExceptionally(failure);
        } else if (exitCode != null) {
            end.complete(exitCode);
        }
    }

    /**
     * Stops the launcher at a signal. Runs at every end of the JVM, and does nothing at other ends. A stop that was
     * asked for and went well is no failure: the process ends with 0 and not, as a JVM would have it, with 128 and the
     * signal's number. A second signal finds the JVM ending already, and changes nothing.
     */
    private void stopAtSignal(LocalLauncher launcher, List<ServicePlan> plans) {
        if (allPutAway.getCount() == 0) {
            return;
        }
        systemd.stopping();
        stop(launcher);
        int exitCode = FAILED;
        try {
            if (allPutAway.await(patience(plans).toMillis(), TimeUnit.MILLISECONDS)) {
                exitCode = end.isCompletedExceptionally() ? FAILED : end.getNow(FAILED);
            } else {
                log.error(
                        "the launcher did not stop within {} s, which its plans allow",
                        patience(plans).toSeconds());
            }
        } catch (InterruptedException interrupted) {
            log.error("the launcher was interrupted while it stopped");
        }
        Runtime.getRuntime().halt(exitCode);
    }

    private static Duration patience(List<ServicePlan> plans) {
        return plans.stream()
                .map(plan -> plan.options()
                        .drainTimeout()
                        .plus(plan.options().drainPause())
                        .plus(plan.options().stopTimeout()))
                .reduce(Duration.ZERO, (a, b) -> a.compareTo(b) > 0 ? a : b)
                .plus(SLACK);
    }

    private void announce(LauncherPlan plan, @Nullable Path logFolder) {
        String what = plan.services().stream()
                .map(each -> each.instances() + " x " + each.type())
                .collect(Collectors.joining(", "));
        out.println("Pointsman launcher " + ProcessHandle.current().pid() + " runs " + what);
        out.println("  registry  " + plan.registry().url());
        if (logFolder != null) {
            out.println("  logs      " + logFolder);
        }
        out.println("  commands  pointsman list, logs, scale, reload, stop, start, delete; Ctrl-C stops everything");
        out.flush();
    }
}

package dev.pointsman.cli.launcher;

import dev.pointsman.launcher.control.ControlException;
import dev.pointsman.launcher.control.ControlServer;
import dev.pointsman.launcher.control.LauncherDescription;
import dev.pointsman.launcher.control.PrivateFolder;
import dev.pointsman.launcher.control.TypeTracker;
import dev.pointsman.launcher.log.InstanceLogs;
import dev.pointsman.launcher.log.LogSettings;
import dev.pointsman.launcher.plan.ServicePlan;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
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
final class LauncherProcess {
    private static final Logger log = LoggerFactory.getLogger(LauncherProcess.class);

    /** Beside what the plans allow for draining and stopping. */
    private static final Duration SLACK = Duration.ofSeconds(15);

    private static final long LOOK_MILLIS = 100;

    private final LauncherStart launcherStart;
    private final Place place;
    private final PrintWriter instanceLines;
    private final PrintWriter out;
    private final Readiness readiness;
    private final CompletableFuture<Integer> end = new CompletableFuture<>();
    private final CountDownLatch allPutAway = new CountDownLatch(1);

    /** The user's private folder, see {@link PrivateFolder}. */
    record Place(Path folder, long uid) {}

    LauncherProcess(PointsmanCommand above, PrintWriter out) throws ControlException {
        this.launcherStart = above.launcherStart();
        this.place = above.place();
        this.readiness = new Readiness(above.environment(), Readiness.PROGRAM);
        this.instanceLines = above.instanceLines();
        this.out = out;
    }

    /**
     * Runs until the end. Once for each object.
     *
     * @param read what to run, and where
     * @param settings where to keep what instances print, or null for nowhere
     * @param quiet whether it is kept only, and not printed as well
     */
    void run(PlanFlags.Read read, @Nullable LogSettings settings, boolean quiet)
            throws ControlException, CommandFailure, InterruptedException {
        PrivateFolder.open(place.folder(), place.uid());
        List<ServicePlan> plans = read.plans().services();
        try (InstanceLogs logs = new InstanceLogs(settings, quiet ? null : instanceLines, Clock.systemUTC())) {
            announce(read, logs.folder());
            LauncherStart.Started started =
                    launcherStart.start(plans, read.consul(), read.advertise(), logs, place.folder());
            started.ended().whenComplete(this::ended);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stopAtSignal(started, plans), "stop"));
            serve(started, plans, logs.folder());
        } finally {
            allPutAway.countDown();
        }
    }

    private void serve(LauncherStart.Started started, List<ServicePlan> plans, @Nullable Path logFolder)
            throws ControlException, CommandFailure, InterruptedException {
        List<String> names = plans.stream().map(ServicePlan::type).toList();
        TypeTracker types = new TypeTracker(started.operations(), names);
        LauncherDescription facts =
                new LauncherDescription(ProcessHandle.current().pid(), types::names, logFolder);
        Reloads reloads = new Reloads(types);
        try (ControlServer control = ControlServer.listen(place.folder(), place.uid(), types, facts);
                Watches watches = new Watches(plans, reloads)) {
            log.debug("commands are taken by {}, {}", control, watches);
            UserSignal.handle("USR2", () -> types.names().forEach(type -> reloads.ask(type, "SIGUSR2")));
            tellWhenReady(started, plans);
            if (await() != 0) {
                throw new CommandFailure("a type was given up; why is said above");
            }
        } catch (ControlException failed) {
            stop(started);
            await();
            throw failed;
        }
    }

    private void tellWhenReady(LauncherStart.Started started, List<ServicePlan> plans) throws InterruptedException {
        Progress progress = new Progress(plans);
        while (readiness.wanted() && !end.isDone()) {
            if (progress.allUp(started.operations().list())) {
                readiness.ready(progress.allAreUp());
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
            return CliErrors.FAILED;
        }
    }

    private void stop(LauncherStart.Started started) {
        started.stop().whenComplete(this::ended);
    }

    private void ended(@Nullable Integer exitCode, @Nullable Throwable failure) {
        if (failure != null) {
            end.completeExceptionally(failure);
        } else if (exitCode != null) {
            end.complete(exitCode);
        }
    }

    /**
     * Runs at every end of the JVM, and has something to do at those that came by a signal. A stop that was asked for and went
     * well is no failure: the process ends with 0 and not, as a JVM would have it, with 128 and the signal's number. A second
     * signal finds the JVM ending already, and changes nothing.
     */
    private void stopAtSignal(LauncherStart.Started started, List<ServicePlan> plans) {
        if (allPutAway.getCount() == 0) {
            return;
        }
        readiness.stopping();
        stop(started);
        int exitCode = CliErrors.FAILED;
        try {
            if (allPutAway.await(patience(plans).toMillis(), TimeUnit.MILLISECONDS)) {
                exitCode = end.isCompletedExceptionally() ? CliErrors.FAILED : end.getNow(CliErrors.FAILED);
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

    private void announce(PlanFlags.Read read, @Nullable Path logFolder) {
        String what = read.plans().services().stream()
                .map(plan -> plan.instances() + " x " + plan.type())
                .collect(Collectors.joining(", "));
        out.println("Pointsman launcher " + ProcessHandle.current().pid() + " runs " + what);
        out.println("  registry  " + read.consul().url());
        if (logFolder != null) {
            out.println("  logs      " + logFolder);
        }
        out.println("  commands  pointsman list, logs, scale, reload, stop, start, delete; Ctrl-C stops everything");
        out.flush();
    }
}

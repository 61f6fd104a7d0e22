package dev.pointsman.cli.run;

import dev.pointsman.launcher.api.LauncherSettings;
import dev.pointsman.launcher.api.LauncherSettings.TypeSettings;
import dev.pointsman.launcher.control.ControlException;
import dev.pointsman.launcher.control.ControlServer;
import dev.pointsman.launcher.control.LauncherDescription;
import dev.pointsman.launcher.control.TypeTracker;
import dev.pointsman.launcher.log.InstanceLogs;
import dev.pointsman.launcher.plan.PlanSettings;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A launcher in this process, which takes {@code pointsman list}, {@code scale}, {@code reload} and the others on a
 * socket.
 */
public final class LocalLauncher implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LocalLauncher.class);

    private final LauncherStart.Started started;
    private final RuntimeFolder folder;
    private final TypeTracker types;
    private final LauncherDescription facts;
    private @Nullable ControlServer control;

    private LocalLauncher(LauncherStart.Started started, LauncherPlan plan, InstanceLogs output, RuntimeFolder folder) {
        this.started = started;
        this.folder = folder;
        this.types = new TypeTracker(started.operations(), plan.types());
        this.facts = new LauncherDescription(
                ProcessHandle.current().pid(), types::names, output.folder(), () -> settings(plan));
    }

    /**
     * Begins to start the instances, and returns before they are up.
     *
     * @throws CommandFailure if it cannot even begin
     * @throws ControlException if the folder cannot be used
     */
    public static LocalLauncher start(LauncherStart start, LauncherPlan plan, InstanceLogs output, RuntimeFolder folder)
            throws CommandFailure, ControlException {
        folder.open();
        return new LocalLauncher(start.start(plan, output, folder.path()), plan, output, folder);
    }

    /**
     * Starts to take commands. A step of its own, so that a signal that comes meanwhile finds something to stop.
     *
     * @throws ControlException if it cannot listen; everything is to be stopped then
     */
    public void listen() throws ControlException {
        control = ControlServer.listen(folder.path(), folder.uid(), types, facts);
        log.debug("commands are taken by {}", control);
    }

    /** What the plan says of the types that are not deleted. */
    private LauncherSettings settings(LauncherPlan plan) {
        Set<String> left = types.names();
        return new LauncherSettings(
                plan.registry().url(),
                plan.advertise(),
                plan.services().stream()
                        .filter(each -> left.contains(each.type()))
                        .map(each -> new TypeSettings(each.type(), PlanSettings.of(each)))
                        .toList());
    }

    TypeTracker types() {
        return types;
    }

    /** Deregisters all instances, lets them finish what is in flight, and ends them; completes as {@link #ended()}. */
    public CompletionStage<Integer> stop() {
        return started.stop();
    }

    /**
     * Completes when nothing runs any more and nothing will, also because every type was deleted: with 0, or with 1 if a type
     * was given up, which was said by then.
     */
    public CompletionStage<Integer> ended() {
        return started.ended();
    }

    /** Stops taking commands. It does not stop anything: that is {@link #stop()}. */
    @Override
    public void close() {
        if (control != null) {
            control.close();
        }
    }
}

package dev.pointsman.launcher.run;

import dev.pointsman.launcher.api.Output;
import dev.pointsman.launcher.drain.DrainCoordinator;
import dev.pointsman.launcher.loop.Loop;
import dev.pointsman.launcher.process.PortSource;
import dev.pointsman.launcher.process.Programs;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a launcher that all of its instances share.
 *
 * @param clock the time of day
 * @param loop the thread that everything of the launcher is confined to
 * @param programs starts processes and observes them
 * @param ports gives free ports
 * @param probe performs health checks
 * @param registrations keeps instances registered
 * @param view the registry's view of the launcher's types and of the balancers
 * @param coordinator asks balancers whether they use an instance
 * @param journal the list of instances on disk, for the launcher after this one
 * @param output takes the lines that programs print, or null to let them have this process's own input and outputs
 * @param launcher the launcher's own name
 * @param address the address that is registered for instances
 * @param consul the registry's URL, as passed to the programs
 */
public record LauncherContext(
        InstantSource clock,
        Loop loop,
        Programs programs,
        PortSource ports,
        HealthProbe probe,
        Registrations registrations,
        RegistryView view,
        DrainCoordinator coordinator,
        InstanceJournal journal,
        @Nullable Output output,
        String launcher,
        String address,
        String consul) {}

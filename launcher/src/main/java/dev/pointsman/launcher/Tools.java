package dev.pointsman.launcher;

import dev.pointsman.launcher.drain.Balancers;
import dev.pointsman.launcher.loop.Loop;
import dev.pointsman.launcher.process.PortSource;
import dev.pointsman.launcher.process.Programs;
import org.jspecify.annotations.Nullable;

/**
 * What the parts of a launcher work with.
 *
 * @param loop what all of them run on
 * @param output takes what programs print, or null to let them have this process's own input and outputs
 * @param launcher the launcher's own name
 * @param address what others are told to connect to
 * @param consul the registry's URL, as the programs are told
 */
record Tools(
        Loop loop,
        Programs programs,
        PortSource ports,
        Probe probe,
        Registrations registrations,
        RegistryView view,
        Balancers balancers,
        Roll roll,
        @Nullable Output output,
        String launcher,
        String address,
        String consul) {}

package dev.pointsman.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The flags that say whose systemd is meant. */
final class BootScope {
    @Option(names = "--user", description = "for the user's own systemd (the default, but for root)")
    private boolean user;

    @Option(names = "--system", description = "for the system's (the default for root)")
    private boolean system;

    /** The units of that systemd; both flags at once are wrong usage. */
    BootUnits units(CommandSpec spec) {
        if (user && system) {
            throw new ParameterException(spec.commandLine(), "both --user and --system (expected: one of the two)");
        }
        return new BootUnits(user || (!system && !BootUnits.isRoot()));
    }
}

package dev.pointsman.cli;

import dev.pointsman.cli.run.CommandFailure;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code pointsman unstartup}: prints what undoes {@code startup}. Does nothing by itself. */
@Command(
        name = "unstartup",
        description = "Prints the shell commands that undo those of 'startup'; '| sh' runs them.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class UnstartupCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(names = "--user", description = "of the user's own systemd (the default, but for root)")
    private boolean user;

    @Option(names = "--system", description = "of the system's (the default for root)")
    private boolean system;

    @Override
    public Integer call() throws CommandFailure {
        if (user && system) {
            throw new ParameterException(spec.commandLine(), "both --user and --system (expected: one of the two)");
        }
        BootUnits units = new BootUnits(user || (!system && !BootUnits.isRoot()));
        spec.commandLine().getOut().println("for unit in " + units.folder() + "/" + BootUnits.PREFIX + "*.service; do");
        spec.commandLine().getOut().println("  [ -f \"$unit\" ] || continue");
        spec.commandLine().getOut().println("  " + units.systemctl() + " disable --now \"$(basename \"$unit\")\"");
        spec.commandLine().getOut().println("  rm \"$unit\"");
        spec.commandLine().getOut().println("done");
        spec.commandLine().getOut().println(units.systemctl() + " daemon-reload");
        return 0;
    }
}

package dev.pointsman.cli;

import dev.pointsman.cli.run.CommandFailure;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
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

    @Mixin
    private BootScope scope = new BootScope();

    @Override
    public Integer call() throws CommandFailure {
        BootUnits units = scope.units(spec);
        spec.commandLine().getOut().println("for unit in " + units.folder() + "/" + BootUnits.PREFIX + "*.service; do");
        spec.commandLine().getOut().println("  [ -f \"$unit\" ] || continue");
        spec.commandLine().getOut().println("  " + units.systemctl() + " disable --now \"$(basename \"$unit\")\"");
        spec.commandLine().getOut().println("  rm \"$unit\"");
        spec.commandLine().getOut().println("done");
        spec.commandLine().getOut().println(units.systemctl() + " daemon-reload");
        return 0;
    }
}

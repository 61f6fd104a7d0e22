package dev.pointsman.cli;

import dev.pointsman.cli.run.CommandFailure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code pointsman startup}: prints what has systemd start at boot what was saved. Does nothing by itself. */
@Command(
        name = "startup",
        description =
                "Prints the shell commands that have systemd start at boot what 'save' has saved; '| sh' runs them.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "There is a unit for each launcher, made by 'pointsman systemd' of its saved file; the launchers that run now are",
            "ended, and systemd starts them again. 'pointsman unstartup' prints the way back. After another 'save' that adds or",
            "removes a launcher, run both anew; a changed file counts with the next start."
        })
final class StartupCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Mixin
    private BootScope scope = new BootScope();

    @Override
    public Integer call() throws CommandFailure {
        BootUnits units = scope.units(spec);
        PointsmanCommand above = PointsmanCommand.above(spec);
        List<Path> files = SavedState.of(above.environment()).files();
        if (files.isEmpty()) {
            throw new CommandFailure(
                    "nothing was saved (pointsman save does it), so that nothing could be started at boot");
        }
        lines(units, files).forEach(spec.commandLine().getOut()::println);
        return 0;
    }

    private static List<String> lines(BootUnits units, List<Path> files) throws CommandFailure {
        String pointsman = OwnProgram.command().stream().map(ShellWord::of).collect(Collectors.joining(" "));
        List<String> lines = new ArrayList<>();
        lines.add("set -e");
        lines.add("pointsman() { " + pointsman + " \"$@\"; }");
        lines.add("mkdir -p " + units.folder());
        List<String> names = new ArrayList<>();
        for (int i = 0; i < files.size(); i++) {
            names.add(BootUnits.name(i));
            lines.add("pointsman systemd " + (units.ofUser() ? "--user " : "") + "-f "
                    + ShellWord.of(files.get(i).toString()) + " > " + units.folder() + "/" + names.get(i));
        }
        lines.add("# Those that run now make room for systemd's: this is not without a gap.");
        lines.add("pointsman delete --all || true");
        lines.add(units.systemctl() + " daemon-reload");
        lines.add(units.systemctl() + " enable --now " + String.join(" ", names));
        if (units.ofUser()) {
            lines.add("# So that they start at boot, and not when you log in.");
            lines.add("loginctl enable-linger");
        }
        return lines;
    }
}

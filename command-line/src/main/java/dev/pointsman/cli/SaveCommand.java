package dev.pointsman.cli;

import dev.pointsman.cli.run.CommandFailure;
import dev.pointsman.launcher.control.ControlException;
import dev.pointsman.launcher.control.Launchers;
import dev.pointsman.launcher.control.RunningLauncher;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code pointsman save}. */
@Command(
        name = "save",
        aliases = "dump",
        description = "Saves what runs now as services files, for 'resurrect', for 'startup', or to be edited.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "Saved are commands, settings, the values of --env (so the files are nobody else's to read) and how many",
            "instances are to run; not the rest of the environment, and not where logs are."
        })
final class SaveCommand extends OnLaunchers {
    private static final String UNCHANGED = "; nothing was saved, and what was saved before stays";

    @Option(
            names = "-o",
            paramLabel = "FILE",
            description = "one launcher's, into this file (~/.local/state/pointsman/saved)")
    private @Nullable Path file;

    @Override
    public Integer call() throws ControlException, CommandFailure {
        List<String> silent = new ArrayList<>();
        List<RunningLauncher> launchers = launchers(silent::add);
        if (!silent.isEmpty() && pid == null) {
            // What is not known now would be lost.
            throw new ControlException(String.join("; ", silent) + UNCHANGED);
        }
        silent.forEach(sentence -> err().println("pointsman: " + sentence));
        if (launchers.isEmpty()) {
            throw new ControlException(Launchers.NONE + UNCHANGED);
        }
        if (file != null && launchers.size() > 1) {
            throw new ControlException("several launchers run, and a file is for one (say which with --launcher PID)");
        }
        String when = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        List<String> texts = new ArrayList<>();
        for (RunningLauncher launcher : launchers) {
            texts.add(SavedState.text(launcher, Launchers.settings(launcher, true), when));
        }
        List<Path> files = file == null
                ? SavedState.of(PointsmanCommand.above(spec).environment()).replace(texts)
                : List.of(write(file, texts.get(0)));
        files.forEach(saved -> out().println("Saved " + saved));
        if (file == null) {
            out().println("'pointsman resurrect' starts it again, 'pointsman startup' has it start at boot.");
        }
        return 0;
    }

    private static Path write(Path to, String text) throws CommandFailure {
        try {
            SavedState.write(to, text);
            return to;
        } catch (IOException failed) {
            throw new CommandFailure(to + " cannot be written: " + failed.getMessage());
        }
    }
}

package dev.pointsman.cli;

import dev.pointsman.launcher.api.OperationResult;
import dev.pointsman.launcher.control.ControlException;
import dev.pointsman.launcher.control.Launchers;
import dev.pointsman.launcher.control.RunningLauncher;
import dev.pointsman.launcher.log.LogSettings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The common part of all commands that ask running launchers. */
abstract class OnLaunchers implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    CommandSpec spec;

    @Option(names = "--launcher", paramLabel = "PID", description = "only the launcher with this process number")
    @Nullable
    Long pid;

    final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    final PrintWriter err() {
        return spec.commandLine().getErr();
    }

    /** The launchers that reply; those that do not are named on standard error. */
    final List<RunningLauncher> launchers() throws ControlException {
        return launchers(silent -> err().println("pointsman: " + silent));
    }

    /**
     * The launchers that reply.
     *
     * @param silent takes a sentence for each that does not
     */
    final List<RunningLauncher> launchers(Consumer<String> silent) throws ControlException {
        List<RunningLauncher> all = PointsmanCommand.above(spec).launchers().all(silent);
        return pid == null
                ? all
                : all.stream().filter(each -> each.pid() == pid).toList();
    }

    /** The folders where launchers store what instances print: those that run, and the usual one. */
    final Set<Path> logFolders(@Nullable Path only) throws ControlException {
        Set<Path> folders = new LinkedHashSet<>();
        if (only != null) {
            folders.add(only);
            return folders;
        }
        folders.add(LogSettings.defaultFolder(PointsmanCommand.above(spec).environment()));
        for (RunningLauncher launcher : launchers()) {
            if (launcher.logs() != null) {
                folders.add(launcher.logs());
            }
        }
        return folders;
    }

    /** Shows the steps of an operation and how it ended. */
    final boolean operate(RunningLauncher launcher, String op, String which, String change, int batch) {
        OperationResult result = Launchers.operate(launcher, op, which, change, batch, step -> {
            out().println(step);
            out().flush();
        });
        if (result.done()) {
            out().println(result.sentence());
        } else {
            err().println(spec.qualifiedName() + ": " + result.sentence());
        }
        return result.done();
    }

    final ParameterException badUsage(String sentence) {
        return new ParameterException(spec.commandLine(), sentence);
    }
}

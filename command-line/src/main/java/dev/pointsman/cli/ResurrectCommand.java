package dev.pointsman.cli;

import dev.pointsman.cli.run.CommandFailure;
import dev.pointsman.launcher.control.ControlException;
import dev.pointsman.launcher.control.RunningLauncher;
import dev.pointsman.launcher.plan.PlanException;
import dev.pointsman.launcher.plan.Plans;
import dev.pointsman.launcher.plan.ServicePlan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code pointsman resurrect}. */
@Command(
        name = "resurrect",
        description = "Starts what 'save' has saved, in the background, but for the types that run already.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class ResurrectCommand extends OnLaunchers {
    @Option(
            names = "--log-dir",
            paramLabel = "DIR",
            description = "keeps what instances print (~/.local/state/pointsman/logs)")
    private @Nullable Path logs;

    @Override
    public Integer call() throws ControlException, CommandFailure, PlanException, InterruptedException {
        PointsmanCommand above = PointsmanCommand.above(spec);
        List<Path> files = SavedState.of(above.environment()).files();
        if (files.isEmpty()) {
            throw new CommandFailure("nothing was saved (pointsman save does it)");
        }
        List<RunningLauncher> running = launchers();
        boolean allUp = true;
        for (Path file : files) {
            List<String> missing = new ArrayList<>();
            for (ServicePlan plan : Plans.ofFile(file, List.of(), List.of(), above.launchEnvironment())
                    .services()) {
                boolean runs = running.stream().anyMatch(each -> each.types().contains(plan.type()));
                if (runs) {
                    out().println(plan.type() + " runs already.");
                } else {
                    missing.add(plan.type());
                }
            }
            allUp &= missing.isEmpty() || start(file, missing) == 0;
        }
        return allUp ? 0 : CliErrors.FAILED;
    }

    private int start(Path file, List<String> types) throws CommandFailure, InterruptedException {
        List<String> command = new ArrayList<>(OwnProgram.command());
        command.addAll(List.of("run", "--detach", "-f", file.toString()));
        types.forEach(type -> command.addAll(List.of("--type", type)));
        if (logs != null) {
            command.addAll(List.of("--log-dir", logs.toAbsolutePath().toString()));
        }
        out().flush();
        try {
            return new ProcessBuilder(command).inheritIO().start().waitFor();
        } catch (IOException failed) {
            throw new CommandFailure("a launcher cannot be started: " + failed.getMessage());
        }
    }
}

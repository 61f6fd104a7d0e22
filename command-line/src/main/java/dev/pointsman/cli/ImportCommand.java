package dev.pointsman.cli;

import dev.pointsman.cli.pm2.EcosystemConversion;
import dev.pointsman.cli.pm2.EcosystemFile;
import dev.pointsman.cli.run.CommandFailure;
import dev.pointsman.launcher.plan.LaunchEnvironment;
import dev.pointsman.launcher.plan.PlanException;
import dev.pointsman.launcher.plan.Plans;
import dev.pointsman.settings.LogicalPaths;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pointsman import}: converts PM2's ecosystem files. */
@Command(
        name = "import",
        description = "Converts an ecosystem file of PM2 into a services file for 'run -f'.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        usageHelpAutoWidth = true,
        footer = {
            "",
            "What is not as it was stands as a comment above each service, and on standard error.",
            "Exit codes: 0 converted, 1 not all of it, or 'run' would refuse the result here, 2 wrong usage or no ecosystem file.",
            "What becomes of each key: docs/pm2.md"
        })
final class ImportCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "ecosystem.config.json or .yml, or a package.json with pm2 in it")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path file;

    @Option(
            names = "-o",
            paramLabel = "FILE",
            description = "where to write it (standard output); not over a file that is there")
    private @Nullable Path output;

    @Option(names = "--force", description = "also over a file that is there")
    private boolean force;

    @Option(
            names = "--env",
            paramLabel = "NAME",
            description = "with the variables of env_NAME, as in pm2 start --env NAME")
    private @Nullable String environment;

    @Option(names = "--node", description = "run node to read a .js, .cjs or .mjs file, which is a program")
    private boolean node;

    @Override
    public Integer call() throws CommandFailure, PlanException, InterruptedException {
        LaunchEnvironment around = PointsmanCommand.above(spec).launchEnvironment();
        Path to = output == null ? null : LogicalPaths.resolve(around.folder(), output);
        if (to != null && Files.exists(to) && !force) {
            throw new ParameterException(
                    spec.commandLine(), "-o: \"" + output + "\" is there already (expected: a new file, or --force)");
        }
        Path from = LogicalPaths.resolve(around.folder(), file);
        EcosystemFile ecosystem = read(from, around);
        EcosystemConversion conversion = new EcosystemConversion(
                ecosystem,
                folder(from, around),
                folder(to == null ? from : to, around),
                environment,
                around.variables().getOrDefault("PATH", ""),
                around.cores());
        String text = conversion.convert();
        conversion.told().forEach(this::tell);
        if (to == null) {
            spec.commandLine().getOut().print(text);
            return conversion.isWhole() ? 0 : CliErrors.FAILED;
        }
        try {
            // It may have secrets of the apps' environments in it.
            SavedState.write(to, text);
        } catch (IOException failed) {
            throw new CommandFailure(output + " cannot be written: " + failed.getMessage());
        }
        spec.commandLine().getOut().println("Wrote " + output + "; pointsman run -f " + output + " runs it.");
        return isRunnable(to, around) && conversion.isWhole() ? 0 : CliErrors.FAILED;
    }

    private static Path folder(Path of, LaunchEnvironment around) {
        Path folder = of.getParent();
        return folder == null ? around.folder() : folder;
    }

    private void tell(String sentence) {
        spec.commandLine().getErr().println("pointsman import: " + sentence);
    }

    private boolean isRunnable(Path written, LaunchEnvironment around) {
        try {
            Plans.ofFile(written, List.of(), List.of(), around);
            return true;
        } catch (PlanException refused) {
            refused.problems().forEach(problem -> tell("run would refuse it here: " + problem));
            return false;
        }
    }

    private EcosystemFile read(Path whole, LaunchEnvironment around)
            throws CommandFailure, PlanException, InterruptedException {
        List<String> problems = new ArrayList<>();
        if (!Files.isReadable(whole) || Files.isDirectory(whole)) {
            throw new PlanException(List.of("\"" + file + "\" (expected: a file that can be read)"));
        }
        EcosystemFile read;
        if (!EcosystemFile.isProgram(whole)) {
            read = EcosystemFile.read(whole, file, problems);
        } else if (node) {
            read = EcosystemFile.ofProgram(file, NodeProgram.json(whole, folder(whole, around)), problems);
        } else {
            throw new PlanException(
                    List.of(file + " is a program, of which only node knows what it says (expected: --node, which"
                            + " has node run it; or the file that this makes: node -p \"JSON.stringify(require('"
                            + whole + "'))\" > ecosystem.json)"));
        }
        if (!problems.isEmpty()) {
            throw new PlanException(problems);
        }
        return read;
    }
}

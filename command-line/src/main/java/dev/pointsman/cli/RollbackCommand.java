package dev.pointsman.cli;

import dev.pointsman.cli.run.CommandFailure;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** {@code pointsman rollback}: puts an earlier table of routes in force, or ends that. */
@Command(
        name = "rollback",
        description =
                "Puts an earlier table of a balancer's routes in force, whatever its sources say, until it is released.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class RollbackCommand extends AdminCommand {
    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "N",
            description = "the table's version, as pointsman history has it")
    private @Nullable Long version;

    @Option(names = "--release", description = "end a rollback: what the sources say by now comes into force")
    private boolean release;

    @Option(names = "--dry-run", description = "only say what would change")
    private boolean dryRun;

    @Override
    public Integer call() throws CommandFailure {
        Long to = version;
        if (release == (to != null)) {
            throw new ParameterException(spec().commandLine(), "expected: a table's version N, or --release");
        }
        return release
                ? ask("DELETE", "/api/rollback?dry-run=" + dryRun, null)
                : ask("POST", "/api/rollback/" + to + "?dry-run=" + dryRun, null);
    }
}

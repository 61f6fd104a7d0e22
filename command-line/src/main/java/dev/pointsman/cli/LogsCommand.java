package dev.pointsman.cli;

import dev.pointsman.cli.run.CommandFailure;
import dev.pointsman.launcher.log.LinePrinter;
import dev.pointsman.launcher.log.LogLine;
import dev.pointsman.launcher.log.LogReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pointsman logs}: the output of instances, also of those that have ended. */
@Command(
        name = "logs",
        description = "Shows what instances printed, each line with its instance, in the order in which they came.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class LogsCommand extends OnLaunchers {
    private static final long LOOK_MILLIS = 100;
    private static final int MOST = 1_000_000;

    @Parameters(paramLabel = "TYPE|ID", arity = "0..1", description = "whose; all without")
    private @Nullable String typeOrId;

    @Option(
            names = {"-f", "--follow"},
            description = "go on with what comes; Ctrl-C ends it")
    private boolean follow;

    @Option(names = "-n", paramLabel = "N", defaultValue = "20", description = "how many lines (${DEFAULT-VALUE})")
    private int lines;

    @Option(names = "--times", description = "with the time of each line, in UTC")
    private boolean times;

    @Option(names = "--log-dir", paramLabel = "DIR", description = "where they are, if not where launchers say")
    private @Nullable Path folder;

    @Override
    public Integer call() throws Exception {
        if (lines < 0 || lines > MOST) {
            throw badUsage("-n: \"" + lines + "\" (expected: a whole number from 0 to " + MOST + ")");
        }
        try (LogReader reader = new LogReader(logFolders(folder), typeOrId)) {
            List<LogLine> last = reader.last(lines);
            if (last.isEmpty() && !follow && lines > 0) {
                throw new CommandFailure(nothing(reader));
            }
            LinePrinter printer = new LinePrinter(out(), times);
            printer.print(last);
            while (follow && !out().checkError()) {
                new CountDownLatch(1).await(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                printer.print(reader.more());
            }
        }
        return 0;
    }

    private String nothing(LogReader reader) throws IOException {
        Set<String> types = reader.types();
        String whose = typeOrId == null ? "nothing was printed" : "\"" + typeOrId + "\" has not printed anything";
        return types.isEmpty()
                ? whose + ", or it was not kept"
                : whose + " (expected one of: " + String.join(", ", types) + ", or an id)";
    }
}

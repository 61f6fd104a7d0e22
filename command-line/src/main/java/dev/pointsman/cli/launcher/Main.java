package dev.pointsman.cli.launcher;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;

/** The launcher jar's entry. */
public final class Main {
    private Main() {}

    /** Runs a command and ends the process with its exit code: 0 fine, 1 failed, 2 bad usage or plan. */
    public static void main(String[] args) {
        Logging.configure(System.getenv());
        PointsmanCommand commands =
                new PointsmanCommand(System.getenv(), new RealLauncher(), writer(FileDescriptor.out));
        System.exit(commandLine(commands, writer(FileDescriptor.out), writer(FileDescriptor.err))
                .execute(args));
    }

    /** UTF-8 whatever the locale is: containers have none, and what instances print is passed on. */
    private static PrintWriter writer(FileDescriptor file) {
        return new PrintWriter(new FileOutputStream(file), false, StandardCharsets.UTF_8);
    }

    static CommandLine commandLine(PointsmanCommand commands, PrintWriter out, PrintWriter err) {
        return new CommandLine(commands)
                .setOut(out)
                .setErr(new PrintWriter(err, true))
                .setParameterExceptionHandler(CliErrors::badUsage)
                .setExecutionExceptionHandler(CliErrors::failed)
                .setExecutionStrategy(parsed -> {
                    try {
                        return new CommandLine.RunLast().execute(parsed);
                    } finally {
                        out.flush();
                    }
                });
    }
}

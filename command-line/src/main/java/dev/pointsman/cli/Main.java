package dev.pointsman.cli;

import dev.pointsman.cli.log.Logging;
import dev.pointsman.cli.run.RealLauncher;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine;

/** The entry of the jar that has every command. */
public final class Main {
    private Main() {}

    /** Runs a command and ends the process with its exit code: 0 fine, 1 failed, 2 bad usage, settings or plan. */
    public static void main(String[] args) {
        withoutFileCache();
        // Events of the JVM's flight recorder, whose classes would be read one by one, by everybody and for nobody.
        System.setProperty("io.netty.jfr.enabled", "false");
        String[] full = withCommand(args);
        String name = full.length == 0 ? "" : full[0];
        PrintWriter err = Logging.begin(System.getenv(), full);
        StandardOutput out = StandardOutput.ofProcess(sentence -> say(err, name, sentence));
        PointsmanCommand pointsman = new PointsmanCommand(System.getenv(), new RealLauncher(), out.writer());
        int code = commandLine(pointsman, name, out.writer(), err).execute(full);
        System.exit(out.exitCode(code));
    }

    /** Vert.x would make a folder for files that it serves, of which there are none, and fail where it may not write. */
    private static void withoutFileCache() {
        System.setProperty("vertx.disableFileCaching", "true");
        System.setProperty("vertx.disableFileCPResolving", "true");
    }

    /** The tree of all commands, for what is made of it when Pointsman is packaged: completions and pages. Not to be executed. */
    public static CommandLine commands() {
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        return commandLine(new PointsmanCommand(Map.of(), new RealLauncher(), nowhere), "", nowhere, nowhere);
    }

    private static void say(PrintWriter err, String name, String sentence) {
        err.println("pointsman" + (name.isEmpty() || name.startsWith("-") ? "" : " " + name) + ": " + sentence);
        err.flush();
    }

    /** The arguments with the command {@code balancer} where they name none: {@code java -jar pointsman.jar --port 8081}. */
    static String[] withCommand(String[] args) {
        boolean flagFirst = args.length > 0 && args[0].startsWith("-") && !PointsmanCommand.OWN_FLAGS.contains(args[0]);
        return flagFirst ? Stream.concat(Stream.of("balancer"), Stream.of(args)).toArray(String[]::new) : args;
    }

    /**
     * The tree of commands.
     *
     * @param name the command that will be executed: it alone is made, as reading the annotations of all the others would
     *     cost a short command a good part of its time. All are made for any other name
     */
    static CommandLine commandLine(PointsmanCommand pointsman, String name, PrintWriter out, PrintWriter err) {
        CommandLine root = new CommandLine(pointsman);
        pointsman.addTo(root, name);
        return WholeNumber.on(root)
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

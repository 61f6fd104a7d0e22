package dev.pointsman.cli.balancer;

import java.util.Set;
import picocli.CommandLine;

/** The balancer jar's entry: {@code balancer} (also when no command is named), {@code registry} or {@code demo}. */
public final class Main {
    private static final Set<String> COMMANDS = Set.of("balancer", "registry", "demo");
    private static final Set<String> ABOUT_ALL = Set.of("--help", "-h", "--version", "-V");

    private Main() {}

    /** Runs a command and ends the process with its exit code: 0 fine, 1 failed, 2 bad usage or settings. */
    public static void main(String[] args) {
        String[] full = withCommand(args);
        Logging.configure(System.getenv(), full[0]);
        System.exit(commandLine().execute(full));
    }

    /** {@code java -jar balancer.jar --port 8081} is a balancer. */
    static String[] withCommand(String[] args) {
        if (args.length > 0 && (COMMANDS.contains(args[0]) || ABOUT_ALL.contains(args[0]))) {
            return args;
        }
        String[] full = new String[args.length + 1];
        full[0] = "balancer";
        System.arraycopy(args, 0, full, 1, args.length);
        return full;
    }

    static CommandLine commandLine() {
        return new CommandLine(new PointsmanCommand())
                .setParameterExceptionHandler(CliErrors::badUsage)
                .setExecutionExceptionHandler(CliErrors::failed);
    }
}

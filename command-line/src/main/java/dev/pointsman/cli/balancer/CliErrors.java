package dev.pointsman.cli.balancer;

import dev.pointsman.balancer.StartException;
import dev.pointsman.balancer.config.ConfigException;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Every way in which a command can fail, as words on standard error and an exit code. */
final class CliErrors {
    private static final int FAILED = 1;
    private static final int BAD_USAGE = 2;

    private CliErrors() {}

    static int badUsage(ParameterException problem, String[] args) {
        CommandLine command = problem.getCommandLine();
        PrintWriter err = command.getErr();
        err.println(prefix(command) + problem.getMessage());
        err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        return BAD_USAGE;
    }

    static int failed(Exception problem, CommandLine command, ParseResult parsed) {
        PrintWriter err = command.getErr();
        if (problem instanceof ConfigException config) {
            List<String> problems = config.problems();
            problems.forEach(sentence -> err.println(prefix(command) + sentence));
            return BAD_USAGE;
        }
        if (problem instanceof StartException start) {
            err.println(prefix(command) + start.getMessage());
            return FAILED;
        }
        err.println(prefix(command) + "something went wrong that should not have; please report it with what follows");
        problem.printStackTrace(err);
        return FAILED;
    }

    private static String prefix(CommandLine command) {
        return command.getCommandSpec().qualifiedName() + ": ";
    }
}

package dev.pointsman.cli;

import dev.pointsman.agent.AgentException;
import dev.pointsman.balancer.StartException;
import dev.pointsman.balancer.config.ConfigException;
import dev.pointsman.cli.run.CommandFailure;
import dev.pointsman.launcher.control.ControlException;
import dev.pointsman.launcher.plan.PlanException;
import dev.pointsman.settings.NearestName;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** The errors of commands, as words on standard error and an exit code. */
final class CliErrors {
    static final int FAILED = 1;
    static final int BAD_USAGE = 2;

    private CliErrors() {}

    static int badUsage(ParameterException problem, String[] args) {
        CommandLine command = problem.getCommandLine();
        PrintWriter err = command.getErr();
        boolean ofRoot = command.getParent() == null;
        if (ofRoot && args.length == 0) {
            err.println(prefix(command) + problem.getMessage());
            command.usage(err);
            return BAD_USAGE;
        }
        if (ofRoot && problem instanceof UnmatchedArgumentException && !args[0].startsWith("-")) {
            err.println(prefix(command) + "there is no command '" + args[0] + "' (expected one of: "
                    + String.join(", ", command.getCommandSpec().subcommands().keySet()) + ")"
                    + NearestName.hint(
                            args[0], command.getCommandSpec().subcommands().keySet()));
            return BAD_USAGE;
        }
        (problem.getMessage() + hint(problem)).lines().forEach(sentence -> err.println(prefix(command) + sentence));
        err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        return BAD_USAGE;
    }

    /** For a misspelled flag: the one that was probably meant. */
    private static String hint(ParameterException problem) {
        if (!(problem instanceof UnmatchedArgumentException unmatched)) {
            return "";
        }
        String given = unmatched.getUnmatched().get(0).replaceFirst("=.*", "");
        return given.startsWith("-")
                ? NearestName.hint(
                        given,
                        problem.getCommandLine().getCommandSpec().optionsMap().keySet())
                : "";
    }

    static int failed(Exception problem, CommandLine command, ParseResult parsed) {
        PrintWriter err = command.getErr();
        List<String> problems = problem instanceof ConfigException config
                ? config.problems()
                : problem instanceof PlanException plan ? plan.problems() : List.of();
        if (!problems.isEmpty()) {
            problems.forEach(sentence -> err.println(prefix(command) + sentence));
            return BAD_USAGE;
        }
        if (isOneSentence(problem)) {
            err.println(prefix(command) + problem.getMessage());
            return problem instanceof CommandFailure failure && failure.isBadUsage() ? BAD_USAGE : FAILED;
        }
        err.println(prefix(command) + "something went wrong that should not have; please report it with what follows");
        problem.printStackTrace(err);
        return FAILED;
    }

    private static boolean isOneSentence(Exception problem) {
        return problem instanceof StartException
                || problem instanceof AgentException
                || problem instanceof ControlException
                || problem instanceof CommandFailure;
    }

    private static String prefix(CommandLine command) {
        return command.getCommandSpec().qualifiedName() + ": ";
    }
}

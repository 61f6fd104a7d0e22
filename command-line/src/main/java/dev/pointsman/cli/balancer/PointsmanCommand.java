package dev.pointsman.cli.balancer;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What all commands hang on. */
@Command(
        name = "pointsman",
        description = "A service-registry driven, dynamic HTTP load balancer.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        subcommands = {BalancerCommand.class, RegistryCommand.class, DemoCommand.class})
final class PointsmanCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }
}

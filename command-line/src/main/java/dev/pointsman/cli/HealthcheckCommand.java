package dev.pointsman.cli;

import dev.pointsman.cli.AdminApiClient.AdminReply;
import dev.pointsman.cli.run.CommandFailure;
import dev.pointsman.registry.OneLine;
import picocli.CommandLine.Command;

/** {@code pointsman healthcheck}: whether a balancer is ready, in one line and soon, for who asks again and again. */
@Command(
        name = "healthcheck",
        description = "Says whether a balancer is ready, as a container's health check asks.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {"", "Exit codes: 0 ready, 1 not ready or not reachable, 2 wrong usage. docs/containers.md"})
final class HealthcheckCommand extends AdminCommand {
    @Override
    public Integer call() throws CommandFailure {
        AdminReply reply = client().exchange("GET", "/health/ready", null, "application/json");
        boolean ready = reply.status() == 200;
        out().println(ready ? "ready" : OneLine.of(reply.body()));
        out().flush();
        return ready ? 0 : CliErrors.FAILED;
    }
}

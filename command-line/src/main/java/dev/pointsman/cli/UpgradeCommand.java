package dev.pointsman.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pointsman.cli.run.CommandFailure;
import java.time.Duration;
import picocli.CommandLine.Command;

/** {@code pointsman upgrade}: has a balancer start the process that takes its place. */
@Command(
        name = "upgrade",
        description =
                "Has the balancer that runs start itself anew, as it is installed by now, and hand its clients over: no request"
                        + " fails.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "It needs the admin token. Exit codes: 0 the new process serves, 1 it does not and the old one goes on,",
            "2 wrong usage. docs/upgrades.md"
        })
final class UpgradeCommand extends AdminCommand {
    /** For a JVM to start, the registry to be heard, and a warm-up. */
    private static final Duration LONGEST = Duration.ofMinutes(5);

    @Override
    public Integer call() throws CommandFailure {
        show(client().waiting(LONGEST).send("POST", "/api/takeover", null));
        return 0;
    }

    @Override
    void print(JsonNode answer) {
        out().println(answer.path("summary").asText());
    }
}

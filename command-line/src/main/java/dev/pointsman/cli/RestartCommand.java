package dev.pointsman.cli;

import picocli.CommandLine.Command;

/** {@code pointsman restart}. */
@Command(
        name = "restart",
        description =
                "Stops each instance and starts it again, one after the other: with a gap, for what cannot run twice.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "Each is drained before it is stopped, and the next one waits until it is up again; what was stopped or given up",
            "is started too. With one instance nothing serves meanwhile: 'reload' starts the new one first."
        })
final class RestartCommand extends OnTypes {
    @Override
    String op() {
        return "restart";
    }
}

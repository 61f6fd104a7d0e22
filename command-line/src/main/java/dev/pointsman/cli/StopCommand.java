package dev.pointsman.cli;

import picocli.CommandLine.Command;

/** {@code pointsman stop}. */
@Command(
        name = "stop",
        description = "Stops a type or an instance; it stays in the list, and start starts it again.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class StopCommand extends OnTypes {
    @Override
    String op() {
        return "stop";
    }
}

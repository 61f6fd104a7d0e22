package dev.pointsman.cli;

import picocli.CommandLine.Command;

/** {@code pointsman start}. */
@Command(
        name = "start",
        description = "Starts what was stopped or given up.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class StartCommand extends OnTypes {
    @Override
    String op() {
        return "start";
    }
}

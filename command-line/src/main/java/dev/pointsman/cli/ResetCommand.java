package dev.pointsman.cli;

import picocli.CommandLine.Command;

/** {@code pointsman reset}. */
@Command(
        name = "reset",
        description = "Has the restarts of a type or an instance count from 0 again.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class ResetCommand extends OnTypes {
    @Override
    String op() {
        return "reset";
    }
}

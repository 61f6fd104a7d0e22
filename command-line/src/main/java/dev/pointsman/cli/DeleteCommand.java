package dev.pointsman.cli;

import picocli.CommandLine.Command;

/** {@code pointsman delete}. */
@Command(
        name = "delete",
        description = "Stops a type or an instance and forgets it; a launcher whose last type is deleted ends.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class DeleteCommand extends OnTypes {
    @Override
    String op() {
        return "delete";
    }
}

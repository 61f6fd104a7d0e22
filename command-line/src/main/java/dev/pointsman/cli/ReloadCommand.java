package dev.pointsman.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code pointsman reload}. */
@Command(
        name = "reload",
        description = "Replaces the instances of a type, one after the other, without a gap.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class ReloadCommand extends OnTypes {
    @Option(names = "--batch", paramLabel = "N", description = "how many at a time (what the type was started with)")
    private int batch;

    @Override
    int batch() {
        if (batch < 0) {
            throw badUsage("--batch: \"" + batch + "\" (expected: a whole number from 1)");
        }
        return batch;
    }

    @Override
    String op() {
        return "reload";
    }
}

package dev.pointsman.launcher.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code pointsman register}. */
@Command(name = "register", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false)
final class RegisterCommand implements Callable<Integer> {
    @Override
    public Integer call() throws CommandFailure {
        throw new CommandFailure("not bound yet");
    }
}

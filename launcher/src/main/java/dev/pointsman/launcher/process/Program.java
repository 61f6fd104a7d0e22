package dev.pointsman.launcher.process;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A program to start, once.
 *
 * @param id the instance's id, which everything that the program starts is known by
 * @param command the program and its arguments; {@code {port}} in any of them is the port
 * @param port the port that it is to listen on, also passed in the variable {@code PORT}
 * @param environment more variables beside this process's own, asked for at the start, on a thread that may block
 * @param directory where it runs, or null for this process's own
 * @param output takes each line of its standard output and standard error, on a thread that belongs to it; or null to let it
 *     have this process's own input and outputs
 */
public record Program(
        String id,
        List<String> command,
        int port,
        EnvironmentSource environment,
        @Nullable Path directory,
        @Nullable Consumer<String> output) {
    /** The source of a program's variables. */
    @FunctionalInterface
    public interface EnvironmentSource {
        /**
         * Reads the variables; may block.
         *
         * @throws Programs.CannotStartException if they cannot be read
         */
        Map<String, String> read() throws Programs.CannotStartException;
    }

    public Program {
        command = List.copyOf(command);
    }
}

package dev.pointsman.cli;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A few words for a shell about the terminal, of which Java itself knows nothing. */
final class TtyCommand {
    private static final int PATIENCE_SECONDS = 2;

    private TtyCommand() {}

    /**
     * Runs a script, whose standard input and output are this program's own.
     *
     * @param values {@code $1} and so on
     * @return what it wrote to standard error; null if it failed, took longer than two seconds, or there is no shell
     */
    static @Nullable String run(String script, String... values) {
        List<String> command = new ArrayList<>(List.of("sh", "-c", script, "sh"));
        command.addAll(List.of(values));
        try {
            Process asked = new ProcessBuilder(command)
                    .redirectInput(Redirect.INHERIT)
                    .redirectOutput(Redirect.INHERIT)
                    .start();
            if (!asked.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                asked.destroyForcibly();
                return null;
            }
            String said = new String(asked.getErrorStream().readAllBytes(), StandardCharsets.US_ASCII);
            return asked.exitValue() == 0 ? said : null;
        } catch (IOException noShell) {
            return null;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return null;
        }
    }
}

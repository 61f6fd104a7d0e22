package dev.pointsman.cli;

import dev.pointsman.cli.run.CommandFailure;
import dev.pointsman.registry.OneLine;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A file of JavaScript that exports something, run by node. */
final class NodeProgram {
    private static final int PATIENCE_SECONDS = 20;

    /**
     * By import, which takes both kinds of modules. What the file prints goes to standard error, as dotenv has a word to say when it
     * reads a file.
     */
    private static final String ASK = "console.log = console.info = console.debug = console.error;"
            + "import(process.argv[1])"
            + ".then(m => process.stdout.write(JSON.stringify(m.default ?? m), () => process.exit(0)))"
            + ".catch(e => { console.error(String(e)); process.exit(1); })";

    private NodeProgram() {}

    /**
     * What it exports, as JSON.
     *
     * @param folder where it runs: the one that it is in, as with PM2
     */
    static String json(Path file, Path folder) throws CommandFailure, InterruptedException {
        try {
            Process process = new ProcessBuilder(List.of("node", "--input-type=module", "-e", ASK, file.toString()))
                    .directory(folder.toFile())
                    .start();
            CompletableFuture<String> out = CompletableFuture.supplyAsync(() -> all(process.getInputStream()));
            CompletableFuture<String> err = CompletableFuture.supplyAsync(() -> all(process.getErrorStream()));
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new CommandFailure(
                        "node did not come to an end with " + file + " within " + PATIENCE_SECONDS + " s");
            }
            if (process.exitValue() != 0) {
                throw new CommandFailure("node cannot run " + file + ": " + OneLine.of(err.join(), 500));
            }
            return out.join();
        } catch (IOException missing) {
            throw new CommandFailure("node cannot be started: " + missing.getMessage());
        }
    }

    private static String all(InputStream from) {
        try {
            return new String(from.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException broken) {
            return "";
        }
    }
}

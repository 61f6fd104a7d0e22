package dev.pointsman.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What this build has packaged, and the archive unpacked somewhere. */
record Installation(Path home) {
    private static final Path TARGET = Path.of("target").toAbsolutePath();

    /** A process that has ended. */
    record Ended(int exitCode, String output) {}

    static Path archive() throws IOException {
        return packaged(".tar.gz");
    }

    static Path debianPackage() throws IOException {
        return packaged(".deb");
    }

    private static Path packaged(String ending) throws IOException {
        try (Stream<Path> files = Files.list(TARGET)) {
            List<Path> found =
                    files.filter(file -> file.toString().endsWith(ending)).toList();
            assertThat(found).as("what ends with %s in %s", ending, TARGET).hasSize(1);
            return found.get(0);
        }
    }

    /** Unpacks the archive into a folder. */
    static Installation unpacked(Path folder) throws Exception {
        Ended tar = run(folder, Map.of(), "tar", "xzf", archive().toString());
        assertThat(tar.output()).isEmpty();
        try (Stream<Path> files = Files.list(folder)) {
            return new Installation(files.filter(Files::isDirectory).findFirst().orElseThrow());
        }
    }

    String script() {
        return home.resolve("bin/pointsman").toString();
    }

    /** Runs a program to its end, for two minutes at the most. */
    static Ended run(Path folder, Map<String, String> environment, String... command) throws Exception {
        return run(folder, environment, Duration.ofMinutes(2), command);
    }

    /** Runs a program to its end, for so long at the most. */
    static Ended run(Path folder, Map<String, String> environment, Duration within, String... command)
            throws Exception {
        Path output = Files.createTempFile(folder, "output", ".txt");
        Process process = start(folder, environment, output, List.of(command));
        if (!process.waitFor(within.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(String.join(" ", command) + " did not end; it said: " + Files.readString(output));
        }
        String said = Files.readString(output, StandardCharsets.UTF_8);
        Files.delete(output);
        return new Ended(process.exitValue(), said);
    }

    /** Starts a program; what it prints goes into the file. */
    static Process start(Path folder, Map<String, String> environment, Path output, List<String> command)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(command))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("CONSUL_") || name.startsWith("POINTSMAN_"));
        environment.forEach((name, value) -> {
            if (value.isEmpty()) {
                builder.environment().remove(name);
            } else {
                builder.environment().put(name, value);
            }
        });
        return builder.start();
    }
}

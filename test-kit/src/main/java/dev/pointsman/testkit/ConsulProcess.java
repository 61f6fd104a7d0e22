package dev.pointsman.testkit;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A Consul agent started from a {@code consul} binary. It does not outlive this JVM. */
final class ConsulProcess implements ConsulBox {
    private final Path binary;
    private final Path log;
    private final Thread hook = new Thread(this::destroy, "consul-under-test-reaper");
    private volatile @Nullable Process process;

    ConsulProcess(Path binary) {
        this.binary = binary;
        try {
            log = Files.createTempFile("consul-under-test", ".log");
        } catch (IOException e) {
            throw new UncheckedIOException("no temporary file for Consul's output", e);
        }
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** The {@code consul} on PATH. */
    static Optional<Path> binary() {
        String path = System.getenv("PATH");
        return path == null
                ? Optional.empty()
                : Stream.of(path.split(File.pathSeparator, -1))
                        .filter(folder -> !folder.isEmpty())
                        .map(folder -> Path.of(folder, "consul"))
                        .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                        .findFirst();
    }

    @Override
    public void start(List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(binary.toString(), "agent"));
        command.addAll(arguments);
        if (help().contains("-grpc-tls-port")) {
            // Consul from 1.14 on opens 8503 unless a flag turns it off; older ones do not know the flag.
            command.add("-grpc-tls-port=-1");
        }
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(binary + " does not start", e);
        }
    }

    private String help() {
        try {
            Process help = new ProcessBuilder(binary.toString(), "agent", "-help")
                    .redirectErrorStream(true)
                    .start();
            return new String(help.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(binary + " does not start", e);
        }
    }

    @Override
    public void stop() {
        Process running = process;
        if (running != null) {
            running.destroy();
            awaitExit(running);
        }
    }

    @Override
    public void kill() {
        Process running = process;
        if (running != null) {
            running.destroyForcibly();
            awaitExit(running);
        }
    }

    private static void awaitExit(Process process) {
        try {
            if (!process.waitFor(15, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("Consul (pid " + process.pid() + ") was still there 15 s after its signal");
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean running() {
        Process running = process;
        return running != null && running.isAlive();
    }

    @Override
    public String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return "(its output cannot be read: " + e + ")";
        }
    }

    @Override
    public void close() {
        kill();
        Runtime.getRuntime().removeShutdownHook(hook);
        deleteLog();
    }

    private void destroy() {
        Process running = process;
        if (running != null) {
            running.destroyForcibly();
        }
        deleteLog();
    }

    private void deleteLog() {
        try {
            Files.deleteIfExists(log);
        } catch (IOException e) {
            throw new UncheckedIOException("left behind: " + log, e);
        }
    }
}

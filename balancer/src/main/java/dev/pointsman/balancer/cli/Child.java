package dev.pointsman.balancer.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A process of this project, started by another one. What it complains of is passed on line by line, each with its name
 * before it; that it is well is for whoever started it to say.
 *
 * <p>It ignores SIGINT: a terminal sends Ctrl-C to everyone in it at once, and the one who started the processes has to
 * stop them in order, by SIGTERM. An ignored signal stays ignored through exec, and a JVM leaves it at that.
 */
final class Child {
    private static final String IGNORING_SIGINT = "trap '' INT; exec \"$@\"";

    private final String name;
    private final Process process;

    private Child(String name, Process process) {
        this.name = name;
        this.process = process;
    }

    static Child start(String name, Path jar, List<String> arguments, PrintWriter out) throws IOException {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", IGNORING_SIGINT, name));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // They share a machine with five others and live for minutes: a quick start counts for more than top speed.
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx128m", "-jar", jar.toString()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putIfAbsent("POINTSMAN_LOG", "warn");
        Child child = new Child(name, builder.start());
        Thread reader = new Thread(() -> child.passOn(out), "output of " + name);
        reader.setDaemon(true);
        reader.start();
        return child;
    }

    private void passOn(PrintWriter out) {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                out.println("  " + name + " | " + line);
                out.flush();
            }
        } catch (IOException broken) {
            out.println("  " + name + " | (no more of its output: " + broken.getMessage() + ")");
        }
    }

    String name() {
        return name;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    int exitCode() {
        return process.exitValue();
    }

    /** Asks it to end; does not wait. By its handle, because the process itself would close our end of its output. */
    void terminate() {
        process.toHandle().destroy();
    }

    /** Waits for its end, and puts one to it if the time is over. */
    void awaitEnd(long millis) throws InterruptedException {
        if (!process.waitFor(millis, TimeUnit.MILLISECONDS)) {
            process.destroyForcibly();
        }
    }
}

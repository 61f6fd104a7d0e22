package dev.pointsman.system;

import dev.pointsman.testkit.Signals;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A process, what it has printed (both streams together), and its end. It does not outlive this JVM. Thread-safe. */
final class Program {
    private final String name;
    private final Process process;
    /** Guarded by itself. */
    private final StringBuilder output = new StringBuilder();

    private final Thread reader;
    private final Thread hook;

    private Program(String name, Process process) {
        this.name = name;
        this.process = process;
        reader = new Thread(this::read, "output-of-" + name);
        reader.setDaemon(true);
        hook = new Thread(process::destroyForcibly, "reaper-of-" + name);
    }

    /**
     * Starts it, and returns at once.
     *
     * @param environment beside this process's own, of which {@code CONSUL_...} and {@code POINTSMAN_...} are left out
     */
    static Program start(String name, Map<String, String> environment, List<String> command) {
        List<String> all = new ArrayList<>(Signals.likeInATerminal());
        all.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(all).redirectErrorStream(true);
        builder.environment().keySet().removeIf(key -> key.startsWith("CONSUL_") || key.startsWith("POINTSMAN_"));
        builder.environment().putAll(environment);
        try {
            Program program = new Program(name, builder.start());
            Runtime.getRuntime().addShutdownHook(program.hook);
            program.reader.start();
            return program;
        } catch (IOException e) {
            throw new UncheckedIOException(name + " cannot be started by " + all, e);
        }
    }

    private void read() {
        try (Reader in = new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)) {
            char[] some = new char[4096];
            for (int count = in.read(some); count >= 0; count = in.read(some)) {
                synchronized (output) {
                    output.append(some, 0, count);
                }
            }
        } catch (IOException ended) {
            synchronized (output) {
                output.append("\n(its output ended: ").append(ended).append(")\n");
            }
        }
    }

    String name() {
        return name;
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    /** What it has printed so far. */
    String output() {
        synchronized (output) {
            return output.toString();
        }
    }

    /** Waits until it has printed something that matches; fails as soon as it has ended without. */
    Matcher awaitOutput(String what, Pattern pattern) {
        Soon.isTrue(
                what + " from " + name, () -> pattern.matcher(output()).find() || (!isAlive() && !reader.isAlive()));
        Matcher found = pattern.matcher(output());
        if (!found.find()) {
            throw new AssertionError(name + " ended with " + process.exitValue() + " before it printed " + what
                    + ". It printed:\n" + output());
        }
        return found;
    }

    /** @param signal its name without SIG, as in {@code kill -TERM} */
    void signal(String signal) {
        signal(signal, pid());
    }

    /** The same, for a process that was started by another one; with a minus, for all of a process group. */
    static void signal(String signal, long pid) {
        try {
            Process kill = new ProcessBuilder("kill", "-" + signal, "--", Long.toString(pid))
                    .redirectErrorStream(true)
                    .start();
            String said = new String(kill.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (kill.waitFor() != 0) {
                throw new AssertionError("kill -" + signal + " of process " + pid + " failed: " + said);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("kill cannot be started", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Waits for its end and for the last of its output, and returns its exit code. */
    int awaitExit() {
        Soon.isTrue("the end of " + name, () -> !isAlive() && !reader.isAlive());
        return process.exitValue();
    }

    /** Ends it, if it still runs, by SIGKILL. */
    void end() {
        process.destroyForcibly();
        try {
            if (!process.waitFor(15, TimeUnit.SECONDS)) {
                throw new AssertionError(name + " (pid " + pid() + ") was still there 15 s after SIGKILL");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().removeShutdownHook(hook);
    }
}

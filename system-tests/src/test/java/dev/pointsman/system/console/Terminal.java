package dev.pointsman.system.console;

import static org.awaitility.Awaitility.await;

import dev.pointsman.testkit.Signals;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A bash that is typed into, one command after the other; so {@code cd} and {@code export} count for what follows. What runs in
 * its foreground can be interrupted as by Ctrl-C. For one thread.
 */
final class Terminal {
    /** For a command to end, or to say what is waited for; builds of containers and the like are not run here. */
    private static final Duration BOUND = Duration.ofSeconds(60);

    /** Lines of a transcript: a question may have been asked a hundred times. */
    private static final int SHOWN = 40;

    /** What a command has printed, and its exit code. */
    record Ended(String output, int exitCode) {}

    private final String name;
    private final Process bash;
    private final Writer keyboard;
    /** Guarded by itself. */
    private final StringBuilder printed = new StringBuilder();

    private int commands;
    private int start;
    private boolean isBusy;

    Terminal(String name, Path folder, Map<String, String> environment) {
        this.name = name;
        List<String> command = new ArrayList<>(Signals.likeInATerminal());
        command.addAll(List.of("bash", "--noprofile", "--norc"));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().keySet().removeIf(key -> key.startsWith("CONSUL_") || key.startsWith("POINTSMAN_"));
        builder.environment().putAll(environment);
        try {
            bash = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException("bash cannot be started", e);
        }
        keyboard = bash.outputWriter(StandardCharsets.UTF_8);
        Thread reader = new Thread(this::read, "terminal-" + name);
        reader.setDaemon(true);
        reader.start();
        // Each command is a process group of its own, as at a real terminal: Ctrl-C is for that alone.
        type("set -m; trap : INT");
    }

    private void read() {
        try (Reader in = new InputStreamReader(bash.getInputStream(), StandardCharsets.UTF_8)) {
            char[] some = new char[4096];
            for (int count = in.read(some); count >= 0; count = in.read(some)) {
                synchronized (printed) {
                    printed.append(some, 0, count);
                }
            }
        } catch (IOException e) {
            synchronized (printed) {
                printed.append("\n(the output ended: ").append(e).append(")\n");
            }
        }
    }

    private void type(String text) {
        try {
            keyboard.write(text + "\n");
            keyboard.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("terminal " + name + " takes nothing any more; it printed:\n" + all(), e);
        }
    }

    private Pattern end() {
        return Pattern.compile("\\nend-of-command-" + commands + " (\\d+)\\n");
    }

    /** Types a command, and does not wait for anything. */
    void begin(String command) {
        if (isBusy) {
            throw new AssertionError(
                    "terminal " + name + " is still busy (expected: ctrl-c before, or another terminal)");
        }
        commands++;
        start = all().length();
        isBusy = true;
        // In braces and not in a subshell, so that cd counts; the line's end before the closing one is for comments.
        type("{ " + command + "\n} </dev/null\nprintf '\\nend-of-command-" + commands + " %s\\n' \"$?\"");
    }

    private String all() {
        synchronized (printed) {
            return printed.toString();
        }
    }

    /** What the last command has printed so far. */
    String output() {
        return all().substring(start);
    }

    /** Waits until what runs has printed this. */
    void awaitOutput(String text) {
        ExpectedText expected = new ExpectedText(text);
        await(text + " in terminal " + name)
                .atMost(BOUND)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> expected.isIn(output()) || hasEnded());
        if (!expected.isIn(output())) {
            throw new AssertionError("it ended before it printed \"" + text + "\"; it printed:\n" + output());
        }
    }

    private boolean hasEnded() {
        return !bash.isAlive() || end().matcher(output()).find();
    }

    /** Waits for the end of what runs. */
    Ended awaitEnd() {
        await("the end of a command in terminal " + name)
                .atMost(BOUND)
                .pollInterval(Duration.ofMillis(20))
                .until(this::hasEnded);
        Matcher end = end().matcher(output());
        if (!end.find()) {
            throw new AssertionError("the shell ended; it printed:\n" + output());
        }
        isBusy = false;
        return new Ended(output().substring(0, end.start()), Integer.parseInt(end.group(1)));
    }

    /** Ctrl-C: SIGINT for all of the foreground's process group. */
    void interrupt() {
        signal("INT");
    }

    /** A signal for the process groups of all that runs in this terminal. */
    void signal(String signal) {
        for (ProcessHandle child : bash.children().toList()) {
            try {
                new ProcessBuilder("kill", "-" + signal, "--", "-" + child.pid())
                        .start()
                        .onExit()
                        .join();
            } catch (IOException e) {
                throw new UncheckedIOException("kill cannot be started", e);
            }
        }
    }

    /** The last lines that were printed. */
    String transcript() {
        List<String> lines = all().lines()
                .filter(line -> !line.isEmpty() && !line.startsWith("end-of-command-"))
                .toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - SHOWN), lines.size()));
    }
}

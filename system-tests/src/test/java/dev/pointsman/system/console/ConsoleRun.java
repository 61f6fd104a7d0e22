package dev.pointsman.system.console;

import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.core.ConditionTimeoutException;

/** Runs an act of a page on a stage of its own. For one thread. */
final class ConsoleRun {
    /** For a question to have the expected answer: an instance takes a moment until it is seen. */
    private static final Duration BOUND = Duration.ofSeconds(30);

    private final Stage stage;
    private final Map<String, String> standIns = new HashMap<>();
    private final AtomicInteger terminals = new AtomicInteger();

    private ConsoleRun(Stage stage) {
        this.stage = stage;
    }

    /** @throws AssertionError if something comes out differently, with the place, and all that was printed */
    static void of(ConsoleAct act, Path folder) throws Exception {
        try (Stage stage = new Stage(folder)) {
            ConsoleRun run = new ConsoleRun(stage);
            for (ConsoleBlock block : act.blocks()) {
                try {
                    run.run(block);
                } catch (AssertionError | RuntimeException e) {
                    throw new AssertionError(
                            block.place() + ": " + e.getMessage() + "\n\nAll that was printed:\n" + stage.transcript(),
                            e);
                }
            }
        }
    }

    private void run(ConsoleBlock block) {
        Directive directive = block.directive();
        directive.get("ctrl-c").ifPresent(name -> {
            Terminal terminal = stage.terminal(name);
            terminal.interrupt();
            terminal.awaitEnd();
        });
        directive.get("kill").ifPresent(names -> {
            for (String name : names.split(",", -1)) {
                stage.terminal(name).signal("KILL");
            }
        });
        if (directive.has("file")) {
            stage.write(directive.get("file").orElseThrow(), stage.ports().toActual(block.content()));
            return;
        }
        List<ConsoleCommand> commands = directive
                .get("setup")
                .map(command -> List.of(new ConsoleCommand(command, List.of())))
                .orElseGet(() -> ConsoleCommand.parse(block.lines()));
        for (int i = 0; i < commands.size(); i++) {
            run(commands.get(i), i == commands.size() - 1, awaited(directive, i, commands.size()), directive);
        }
    }

    /** What a command that goes on is to print; empty: it ends. */
    private static String awaited(Directive directive, int i, int count) {
        String until = directive.get("until").orElse("");
        if (!directive.has("each-terminal")) {
            return i == count - 1 ? until : "";
        }
        String[] each = until.split("\\|", -1);
        if (each.length != count) {
            throw new IllegalArgumentException(
                    "until=\"" + until + "\" (expected: " + count + " texts between |, empty for a command that ends)");
        }
        return each[i];
    }

    private void run(ConsoleCommand command, boolean isLast, String awaited, Directive directive) {
        Terminal terminal = directive.has("each-terminal")
                ? stage.terminal("of its own " + terminals.incrementAndGet())
                : stage.terminal(directive.terminal(), directive.get("machine").orElse(""));
        if (awaited.isEmpty()) {
            run(
                    command,
                    terminal,
                    isLast ? Integer.parseInt(directive.get("exit").orElse("0")) : 0);
            return;
        }
        terminal.begin(actual(command));
        terminal.awaitOutput(stage.ports().toActual(awaited));
        if (!command.output().isEmpty()
                && !new ExpectedOutput(command.output())
                        .matchesBeginning(stage.ports().toDocumented(terminal.output()), standIns)) {
            throw new AssertionError(different(command, stage.ports().toDocumented(terminal.output())));
        }
    }

    private String actual(ConsoleCommand command) {
        return stage.ports().toActual(ExpectedOutput.resolve(command.text(), standIns));
    }

    private void run(ConsoleCommand command, Terminal terminal, int exit) {
        String[] difference = {""};
        Callable<Boolean> attempt = () -> {
            terminal.begin(actual(command));
            Terminal.Ended ended = terminal.awaitEnd();
            difference[0] = difference(command, ended, exit);
            return difference[0].isEmpty();
        };
        try {
            if (command.isQuestion()) {
                await().atMost(BOUND)
                        .pollDelay(Duration.ZERO)
                        .pollInterval(Duration.ofMillis(500))
                        .until(attempt);
            } else {
                attempt.call();
            }
        } catch (ConditionTimeoutException stillDifferent) {
            // Said below.
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        if (!difference[0].isEmpty()) {
            throw new AssertionError(difference[0]);
        }
    }

    /** What is not as the page says, or nothing. */
    private String difference(ConsoleCommand command, Terminal.Ended ended, int exit) {
        String output = stage.ports().toDocumented(ended.output());
        if (ended.exitCode() != exit) {
            return "exit code " + ended.exitCode() + " (expected: " + exit + ") of\n$ " + command.text() + "\n"
                    + output;
        }
        boolean isExpected =
                command.output().isEmpty() || new ExpectedOutput(command.output()).matches(output, standIns);
        return isExpected ? "" : different(command, output);
    }

    private String different(ConsoleCommand command, String output) {
        return "the output is another one. Expected:\n$ " + command.text() + "\n" + String.join("\n", command.output())
                + "\nPrinted:\n" + output + "\nwhere " + standIns;
    }
}

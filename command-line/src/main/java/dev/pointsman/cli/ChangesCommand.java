package dev.pointsman.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pointsman.cli.TextTable.TableColumn;
import dev.pointsman.cli.run.CommandFailure;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code pointsman changes}: what happened to the instances, the canaries and the routes of a balancer. */
@Command(
        name = "changes",
        description = "Shows what happened to instances, canaries and routes of a balancer, the newest last.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {"", "The balancer keeps the newest 500. With -f --json, each is one line. docs/terminal.md"})
final class ChangesCommand extends AdminCommand {
    private static final List<TableColumn> COLUMNS = List.of(
            TableColumn.text("TIME"),
            TableColumn.text("TARGET"),
            TableColumn.text("WHAT"),
            TableColumn.text("FROM"),
            TableColumn.text("TO"),
            TableColumn.text("WHY"));
    private static final int LOOK_MILLIS = 500;
    private static final String NONE = "-";

    @Option(
            names = "-n",
            paramLabel = "N",
            defaultValue = "20",
            description = "so many of the newest (${DEFAULT-VALUE})")
    private int newest;

    @Option(
            names = {"-f", "--follow"},
            description = "go on with those that come, until Ctrl-C")
    private boolean follow;

    private @Nullable TextTable table;

    @Override
    public Integer call() throws CommandFailure, InterruptedException {
        if (newest < 0) {
            throw new ParameterException(spec().commandLine(), "-n: \"" + newest + "\" (expected: 0 or more)");
        }
        JsonNode answer = fetch("GET", "/api/changes?limit=" + newest, null);
        if (!answer.path("changes").isArray()) {
            throw AdminApiClient.somethingElse();
        }
        if (!follow) {
            show(answer);
            return 0;
        }
        print(answer);
        goOnFrom(answer);
        return 0;
    }

    private void goOnFrom(JsonNode first) throws InterruptedException {
        String begun = first.path("startedAt").asText();
        long last = first.path("last").asLong();
        boolean lost = false;
        out().flush();
        while (!out().checkError()) {
            new CountDownLatch(1).await(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            try {
                JsonNode more = fetch("GET", "/api/changes?after=" + last, null);
                if (!more.path("startedAt").asText().equals(begun)) {
                    begun = more.path("startedAt").asText();
                    say("another balancer runs there since " + begun + "; its changes follow");
                    more = fetch("GET", "/api/changes", null);
                } else if (more.path("last").asLong() - last
                        > more.path("changes").size()) {
                    say((more.path("last").asLong()
                                    - last
                                    - more.path("changes").size())
                            + " changes are missing: there were more than it keeps");
                }
                lost = false;
                last = more.path("last").asLong();
                print(more);
            } catch (CommandFailure unreachable) {
                if (!lost) {
                    say(unreachable.getMessage() + "; going on when it is there again");
                }
                lost = true;
            }
        }
    }

    private void say(String sentence) {
        spec().commandLine().getErr().println(spec().qualifiedName() + ": " + sentence);
        spec().commandLine().getErr().flush();
    }

    @Override
    void print(JsonNode answer) {
        List<JsonNode> changes = new ArrayList<>();
        answer.path("changes").forEach(changes::add);
        Collections.reverse(changes);
        if (isJson()) {
            changes.forEach(change -> out().println(change));
            return;
        }
        TextTable begun = table;
        if (begun != null) {
            begun.moreLines(changes.stream().map(ChangesCommand::row).toList()).forEach(out()::println);
        } else {
            TextTable made = table(COLUMNS);
            table = made;
            made.lines(changes.stream().map(ChangesCommand::row).toList()).forEach(out()::println);
        }
    }

    private static List<String> row(JsonNode change) {
        String reason = change.path("reason").asText("");
        if (change.has("table")) {
            List<String> causes = new ArrayList<>();
            change.path("causes").forEach(cause -> causes.add(cause(cause)));
            return List.of(
                    time(change.path("at")),
                    "(routes)",
                    "table " + text(change, "table"),
                    NONE,
                    text(change, "to"),
                    reason + " (" + String.join(", ", causes) + ")");
        }
        boolean isCanary = change.has("canary");
        return List.of(
                time(change.path("at")),
                text(change, "target"),
                isCanary ? "canary " + text(change, "canary") : text(change, "id"),
                isCanary ? NONE : text(change, "from"),
                text(change, "to"),
                isCanary && reason.isEmpty() ? text(change, "share") : reason);
    }

    private static String text(JsonNode change, String name) {
        JsonNode value = change.path(name);
        return value.isNull() || value.isMissingNode() ? NONE : value.asText();
    }
}

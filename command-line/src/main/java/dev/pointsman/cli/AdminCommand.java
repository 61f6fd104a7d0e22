package dev.pointsman.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pointsman.cli.TextTable.TableColumn;
import dev.pointsman.cli.run.CommandFailure;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What commands have in common that ask a balancer's admin API. */
abstract class AdminCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Mixin
    private AdminFlags flags = new AdminFlags();

    private @Nullable AdminApiClient client;

    /** Asks, and prints the answer: as it is with {@code --json}, else for people. */
    final int ask(String method, String path, @Nullable String document) throws CommandFailure {
        show(fetch(method, path, document));
        return 0;
    }

    /** Asks. */
    final JsonNode fetch(String method, String path, @Nullable String document) throws CommandFailure {
        AdminApiClient known = client;
        if (known == null) {
            known = client();
            client = known;
        }
        return known.send(method, path, document);
    }

    /** A client by the flags. */
    final AdminApiClient client() throws CommandFailure {
        return flags.client(environment());
    }

    final Map<String, String> environment() {
        return PointsmanCommand.above(spec).environment();
    }

    /** Prints an answer: as it is with {@code --json}, else for people. */
    final void show(JsonNode answer) {
        if (flags.isJson()) {
            out().println(answer.toPrettyString());
        } else {
            print(answer);
        }
        out().flush();
    }

    final boolean isJson() {
        return flags.isJson();
    }

    /** A table that fits the terminal, if it is printed to one. */
    final TextTable table(List<TableColumn> columns) {
        return new TextTable(columns).cutTo(TerminalSize.of(environment()).columns());
    }

    /** A time of the admin API in milliseconds, as the log has it. */
    static String time(JsonNode time) {
        try {
            return Instant.parse(time.asText()).truncatedTo(ChronoUnit.MILLIS).toString();
        } catch (DateTimeParseException other) {
            return time.asText();
        }
    }

    /** One cause as the admin API gives it, in words. */
    static String cause(JsonNode cause) {
        String who = cause.path("who").asText("");
        boolean nobody = cause.path("who").isNull() || who.isEmpty();
        return cause.path("source").asText() + ": " + cause.path("what").asText() + (nobody ? "" : " by " + who);
    }

    /** Prints what became of a change. */
    void print(JsonNode answer) {
        out().println("table " + answer.path("version").asText() + ": "
                + answer.path("summary").asText());
        printDiff(answer.path("diff"));
        printPinned(answer);
    }

    final void printDiff(JsonNode diff) {
        diff.path("added").forEach(each -> out().println("  + " + line(each)));
        diff.path("removed").forEach(each -> out().println("  - " + line(each)));
        for (JsonNode each : diff.path("changed")) {
            List<String> what = new ArrayList<>();
            each.path("what").forEach(one -> what.add(one.asText()));
            out().println("  ~ " + each.path("route").asText() + ": " + String.join(", ", what));
        }
    }

    private static String line(JsonNode route) {
        return route.path("route").asText() + " -> " + route.path("target").asText();
    }

    /** Says that the table of a rollback is in force, where it is. */
    final void printPinned(JsonNode answer) {
        JsonNode pinned = answer.path("pinned");
        if (pinned.isObject()) {
            out().println("table " + pinned.path("version").asText() + " is pinned by a rollback since "
                    + pinned.path("since").asText() + "; changes that wait: "
                    + pinned.path("pending").size() + " (pointsman rollback --release puts them in force)");
        }
    }

    final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    final CommandSpec spec() {
        return spec;
    }
}

package dev.pointsman.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pointsman.cli.TextTable.TableColumn;
import dev.pointsman.cli.run.CommandFailure;
import dev.pointsman.registry.OneLine;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code pointsman status}: whether a balancer is ready, why not, and each target, the bad ones first. */
@Command(
        name = "status",
        description = "Shows whether a balancer is ready and what is wrong with its targets, the bad ones first.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "Exit codes: 0 ready, 1 not ready or not reachable, 2 wrong usage.",
            "READY is instances that take traffic, of all; REQUESTS are attempts since the start. docs/terminal.md"
        })
final class StatusCommand extends AdminCommand {
    private static final List<TableColumn> COLUMNS = List.of(
            TableColumn.text("TARGET"),
            TableColumn.number("READY"),
            TableColumn.number("EJECTED"),
            TableColumn.number("IN FLIGHT"),
            TableColumn.number("REQUESTS"),
            TableColumn.number("RETRIES"),
            TableColumn.text("WHY"));

    private static final int LONGEST_REASON = 300;

    @Override
    public Integer call() throws CommandFailure {
        JsonNode status = fetch("GET", "/api/status", null);
        if (!status.path("status").isTextual()) {
            throw AdminApiClient.somethingElse();
        }
        show(status);
        return status.path("status").asText().equals("ready") ? 0 : CliErrors.FAILED;
    }

    @Override
    void print(JsonNode status) {
        String why = status.path("why").asText();
        out().println(OneLine.of(status.path("status").asText()) + " since "
                + OneLine.of(status.path("since").asText())
                + (why.isEmpty() ? "" : ": " + OneLine.of(why, LONGEST_REASON)));
        out().println("version " + OneLine.of(status.path("version").asText("unknown")) + ", started "
                + OneLine.of(status.path("startedAt").asText()) + ", table "
                + status.path("tableVersion").asLong() + ", "
                + count(status.path("connections").asLong(), "connection") + " of clients, "
                + count(status.path("targetCount").asLong(), "target") + ", "
                + status.path("problemCount").asLong() + " with a problem");
        List<List<String>> rows = new ArrayList<>();
        status.path("targets").forEach(target -> rows.add(row(target)));
        if (!rows.isEmpty()) {
            boolean isFine =
                    rows.stream().allMatch(row -> row.get(COLUMNS.size() - 1).isEmpty());
            List<TableColumn> columns = isFine ? COLUMNS.subList(0, COLUMNS.size() - 1) : COLUMNS;
            table(columns).lines(rows).forEach(out()::println);
        }
    }

    private static String count(long number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }

    private static List<String> row(JsonNode target) {
        String since = target.path("since").asText("");
        String problem = target.path("problem").asText("");
        return List.of(
                target.path("target").asText(),
                target.path("ready").asLong() + "/" + target.path("instances").asLong(),
                number(target.path("states").path("ejected")),
                number(target.path("inFlight")),
                number(target.path("picks")),
                number(target.path("retries")),
                target.path("problem").isNull() || problem.isEmpty()
                        ? ""
                        : problem + (target.path("since").isNull() || since.isEmpty() ? "" : " (since " + since + ")"));
    }

    private static String number(JsonNode count) {
        return Long.toString(count.asLong());
    }
}

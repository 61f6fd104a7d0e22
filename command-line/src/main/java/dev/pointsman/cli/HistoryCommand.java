package dev.pointsman.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pointsman.cli.run.CommandFailure;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code pointsman history}: the last tables of routes of a balancer, or one of them. */
@Command(
        name = "history",
        description = "Shows what became of a balancer's routes: its last 50 tables, the newest first.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class HistoryCommand extends AdminCommand {
    @Parameters(index = "0", arity = "0..1", paramLabel = "N", description = "one table, with all its routes (all)")
    private @Nullable Long version;

    @Override
    public Integer call() throws CommandFailure {
        return ask("GET", version == null ? "/api/history" : "/api/history/" + version, null);
    }

    @Override
    void print(JsonNode answer) {
        if (version == null) {
            answer.path("tables").forEach(this::printTable);
            printPinned(answer);
            return;
        }
        printTable(answer);
        out().println("all its routes:");
        answer.path("routes").forEach(route -> out().println("    "
                + route.path("route").asText() + " -> " + route.path("target").asText() + " ("
                + route.path("source").asText() + ")"));
    }

    private void printTable(JsonNode table) {
        List<String> causes = new ArrayList<>();
        table.path("causes").forEach(cause -> causes.add(cause(cause)));
        out().println(table.path("version").asText() + "  " + table.path("at").asText() + "  "
                + table.path("summary").asText() + " (" + String.join(", ", causes) + ")");
        printDiff(table.path("diff"));
    }
}

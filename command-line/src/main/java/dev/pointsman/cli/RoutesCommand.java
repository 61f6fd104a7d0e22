package dev.pointsman.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pointsman.cli.TextTable.TableColumn;
import dev.pointsman.cli.run.CommandFailure;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** {@code pointsman routes}: the routes of a balancer, and changes of those that its admin API was given. */
@Command(
        name = "routes",
        description = "Shows the routes of a balancer, or changes them by its admin API.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "routes            shows every route with its target, its source and since when",
            "routes put FILE   adds the routes of a file, in the form of the configuration's route; - is the standard input",
            "routes del KEY    removes what was put for HOST/PATH",
            "What it means: docs/admin-api.md"
        })
final class RoutesCommand extends AdminCommand {
    private static final List<TableColumn> COLUMNS = Stream.of("ROUTE", "TARGET", "SOURCE", "WHERE", "SINCE")
            .map(TableColumn::text)
            .toList();

    @Parameters(index = "0", arity = "0..1", paramLabel = "put|del", description = "what to change (nothing)")
    private @Nullable String what;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "FILE|KEY",
            description = "the file, or the route's HOST/PATH")
    private @Nullable String which;

    @Option(names = "--dry-run", description = "only say what would change")
    private boolean dryRun;

    @Override
    public Integer call() throws CommandFailure {
        if (what == null) {
            return ask("GET", "/api/routes", null);
        }
        String of = which;
        if (of == null || !(what.equals("put") || what.equals("del"))) {
            throw new ParameterException(
                    spec().commandLine(), "\"" + what + "\" (expected: put FILE, del HOST/PATH, or nothing)");
        }
        if (what.equals("put")) {
            return ask("PUT", "/api/routes?dry-run=" + dryRun, document(of));
        }
        String key = URLEncoder.encode(of, StandardCharsets.UTF_8);
        return ask("DELETE", "/api/routes?route=" + key + "&dry-run=" + dryRun, null);
    }

    private static String document(String file) throws CommandFailure {
        try {
            return file.equals("-")
                    ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8)
                    : Files.readString(Path.of(file));
        } catch (IOException unreadable) {
            throw CommandFailure.ofUsage("put: \"" + file + "\" (expected: a file that can be read)");
        }
    }

    @Override
    void print(JsonNode answer) {
        if (what != null) {
            super.print(answer);
            return;
        }
        List<List<String>> rows = new ArrayList<>();
        for (JsonNode route : answer.path("routes")) {
            String target = route.path("target").asText();
            rows.add(List.of(
                    route.path("route").asText(),
                    // A redirection has none.
                    target.isEmpty() ? "-" : target,
                    route.path("source").asText(),
                    route.path("where").asText(),
                    time(route.path("since"))));
        }
        table(COLUMNS).lines(rows).forEach(out()::println);
        printPinned(answer);
    }
}

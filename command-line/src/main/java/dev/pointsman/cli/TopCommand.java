package dev.pointsman.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pointsman.cli.TopFrame.Away;
import dev.pointsman.cli.TopLoop.Source;
import dev.pointsman.cli.run.CommandFailure;
import dev.pointsman.registry.OneLine;
import dev.pointsman.settings.Form;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** {@code pointsman top}: a live table of what a balancer does this second. */
@Command(
        name = "top",
        description = "Shows live what a balancer does: its services, those in trouble first, and their instances.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "q quits. Without a terminal it is as with --once.",
            "Exit codes: 0 fine, 1 the balancer was never reachable, 2 wrong usage. docs/terminal.md"
        })
final class TopCommand extends AdminCommand {
    private static final int MOST = 200;
    private static final int LONGEST_FILTER = 200;
    private static final Duration LEAST_INTERVAL = Duration.ofMillis(100);

    /** Whoever looks wants to know soon that nothing comes, and to quit. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    @Option(
            names = "--interval",
            paramLabel = "TIME",
            defaultValue = "1s",
            description = "how often it is looked (${DEFAULT-VALUE})")
    private String interval = "";

    @Option(names = "--once", description = "print one table and end")
    private boolean once;

    @Option(
            names = "-n",
            paramLabel = "N",
            defaultValue = "50",
            description = "so many services at most (${DEFAULT-VALUE})")
    private int most;

    @Option(names = "--trouble", description = "only services in trouble")
    private boolean onlyTrouble;

    @Parameters(
            paramLabel = "FILTER",
            arity = "0..1",
            defaultValue = "",
            description = "only services whose name, route, instance or address contains this")
    private String filter = "";

    private String admin = "";

    @Override
    public Integer call() throws CommandFailure, InterruptedException {
        Duration pause = pause();
        String path = path();
        AdminApiClient client = client().waiting(PATIENCE);
        admin = client.base();
        TerminalSize size = isJson() ? TerminalSize.NONE : TerminalSize.of(environment());
        if (once || !size.isTerminal() || environment().getOrDefault("TERM", "").equals("dumb")) {
            show(overview(client, path));
            return 0;
        }
        Source<JsonNode> source = new AdminSource(client, path, about());
        try (TopTerminal terminal = new TopTerminal(out(), environment(), size)) {
            return new TopLoop<>(source, TopLoop::inBackground, terminal, pause, System::nanoTime).run();
        }
    }

    /** The admin API of a balancer. */
    private record AdminSource(AdminApiClient client, String path, String about) implements Source<JsonNode> {
        @Override
        public JsonNode overview() throws CommandFailure {
            return TopCommand.overview(client, path);
        }

        @Override
        public List<TopLine> lines(@Nullable JsonNode newest, @Nullable Away away, String wayOut, TerminalSize size) {
            return new TopFrame(newest, client.base(), away, wayOut + about).lines(size);
        }
    }

    private Duration pause() {
        Duration pause = Form.time().parse().apply(interval);
        if (pause == null || pause.compareTo(LEAST_INTERVAL) < 0) {
            throw wrong("--interval: \"" + interval + "\" (expected: a time such as 500ms or 2s, from 100ms to 24h)");
        }
        return pause;
    }

    private String path() {
        if (most < 1 || most > MOST) {
            throw wrong("-n: \"" + most + "\" (expected: a whole number from 1 to " + MOST + ")");
        }
        if (filter.length() > LONGEST_FILTER) {
            throw wrong("FILTER: " + filter.length() + " characters (expected: " + LONGEST_FILTER + " or fewer)");
        }
        return "/api/overview?limit=" + most
                + (filter.isEmpty() ? "" : "&q=" + URLEncoder.encode(filter, StandardCharsets.UTF_8))
                + (onlyTrouble ? "&only=trouble" : "");
    }

    private ParameterException wrong(String sentence) {
        return new ParameterException(spec().commandLine(), sentence);
    }

    private static JsonNode overview(AdminApiClient client, String path) throws CommandFailure {
        JsonNode overview = client.send("GET", path, null);
        if (!overview.path("services").isArray()) {
            throw AdminApiClient.somethingElse();
        }
        return overview;
    }

    private String about() {
        return "  every " + interval
                + (onlyTrouble ? "  only what is in trouble" : "")
                + (filter.isEmpty() ? "" : "  only \"" + OneLine.of(filter) + "\"");
    }

    @Override
    void print(JsonNode overview) {
        int columns = TerminalSize.of(environment()).columns();
        new TopFrame(overview, admin, null, "")
                .lines(new TerminalSize(columns > 0, columns, 0))
                .forEach(line -> out().println(line.text()));
    }
}

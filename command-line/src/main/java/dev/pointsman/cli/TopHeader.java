package dev.pointsman.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pointsman.cli.TopLine.Tone;
import dev.pointsman.registry.OneLine;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;

/** The lines above the live table: the balancer, its traffic, its connections and configuration, its registry. */
final class TopHeader {
    private static final int LONGEST_REASON = 300;
    private static final String GAP = "  ";

    private TopHeader() {}

    /** @param admin where its admin API is: somebody may look at several */
    static List<TopLine> lines(JsonNode overview, String admin) {
        List<TopLine> lines = new ArrayList<>(List.of(balancer(overview, admin), traffic(overview)));
        if (overview.hasNonNull("tcp")) {
            lines.add(connections(overview.path("tcp")));
        }
        lines.add(inForce(overview));
        lines.add(registry(overview.path("registry")));
        return lines;
    }

    private static TopLine balancer(JsonNode overview, String admin) {
        String state = OneLine.of(overview.path("state").asText("unknown"));
        String text = "pointsman " + OneLine.of(overview.path("version").asText("unknown")) + " at " + OneLine.of(admin)
                + GAP + state + GAP + "up " + uptime(overview);
        return new TopLine(text, state.equals("ready") ? Tone.HEAD : Tone.TROUBLE);
    }

    /** By the clock of the balancer alone. */
    private static String uptime(JsonNode overview) {
        try {
            Duration up = Duration.between(
                    Instant.parse(overview.path("startedAt").asText()),
                    Instant.parse(overview.path("at").asText()));
            return InstanceTable.time(up.isNegative() ? Duration.ZERO : up);
        } catch (DateTimeParseException notKnown) {
            return "-";
        }
    }

    private static TopLine traffic(JsonNode overview) {
        JsonNode traffic = overview.path("traffic");
        return TopLine.plain(TopNumbers.of(traffic.path("rate")) + " requests/s" + GAP
                + TopNumbers.of(traffic.path("errors")) + " errors/s" + GAP + "p50 "
                + TopNumbers.millis(traffic.path("p50Ms")) + GAP + "p99 " + TopNumbers.millis(traffic.path("p99Ms"))
                + GAP + "without a route "
                + TopNumbers.of(overview.path("unrouted").path("rate")) + "/s");
    }

    private static TopLine connections(JsonNode tcp) {
        return TopLine.plain("TCP: " + TopNumbers.count(tcp.path("open")) + " connections" + GAP
                + TopNumbers.of(tcp.path("rate")) + " new/s" + GAP + "in " + TopNumbers.bytes(tcp.path("received"))
                + " B/s" + GAP + "out " + TopNumbers.bytes(tcp.path("sent")) + " B/s");
    }

    private static TopLine inForce(JsonNode overview) {
        JsonNode connections = overview.path("connections");
        JsonNode config = overview.path("config");
        long inTrouble = overview.path("inTrouble").asLong();
        boolean isRefused = config.hasNonNull("refused");
        String text = "services: " + TopNumbers.count(overview.path("total")) + ", " + inTrouble + " in trouble" + GAP
                + "connections: " + TopNumbers.count(connections.path("clients")) + " of clients, "
                + TopNumbers.count(connections.path("upstreams")) + " to upstreams" + GAP + "configuration "
                + TopNumbers.count(config.path("version"))
                + (isRefused
                        ? ", a later one was refused: "
                                + OneLine.of(config.path("refused").asText(), LONGEST_REASON)
                        : "");
        return new TopLine(text, isRefused || inTrouble > 0 ? Tone.WARNING : Tone.PLAIN);
    }

    private static TopLine registry(JsonNode registry) {
        JsonNode age = registry.path("oldestAgeMs");
        String answered = age.isNumber()
                ? "oldest response " + InstanceTable.time(Duration.ofMillis(age.asLong())) + " ago"
                : "no response yet";
        if (registry.path("ok").asBoolean()) {
            return TopLine.plain("registry: ok, " + answered);
        }
        return new TopLine(
                "registry: " + TopNumbers.count(registry.path("failing")) + " failing, " + answered + ": "
                        + OneLine.of(registry.path("lastError").asText(""), LONGEST_REASON),
                Tone.WARNING);
    }
}

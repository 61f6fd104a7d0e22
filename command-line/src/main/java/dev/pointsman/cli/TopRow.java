package dev.pointsman.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.pointsman.balancer.admin.StateView;
import dev.pointsman.cli.TopLine.Tone;
import dev.pointsman.registry.OneLine;
import java.util.ArrayList;
import java.util.List;

/**
 * A row of the live table, of a service or of one of its instances.
 *
 * @param cells without what is wrong, and without connections
 * @param connections the cells of TCP: how many are open, new ones and bytes both ways per second
 * @param why what is wrong; empty for nothing
 * @param kind by which rows are left out where there is no room for all
 */
record TopRow(List<String> cells, List<String> connections, String why, RowKind kind, Tone tone) {
    private static final String NONE = "-";
    private static final int LONGEST_REASON = 400;

    /** What a row is about. */
    enum RowKind {
        SERVICE,
        BAD_INSTANCE,
        READY_INSTANCE_IN_TROUBLE,
        READY_INSTANCE
    }

    /** The rows of a service and its instances, those that are not ready first. */
    static List<TopRow> of(JsonNode service, int longestName) {
        List<TopRow> rows = new ArrayList<>();
        List<TopRow> ready = new ArrayList<>();
        boolean inTrouble = service.path("inTrouble").asBoolean();
        rows.add(service(service, inTrouble, longestName));
        for (JsonNode upstream : service.path("upstreams")) {
            TopRow row = instance(upstream, inTrouble, longestName);
            (row.kind == RowKind.BAD_INSTANCE ? rows : ready).add(row);
        }
        rows.addAll(ready);
        return rows;
    }

    private static TopRow service(JsonNode service, boolean inTrouble, int longestName) {
        String readyOfAll = TopNumbers.count(service.path("ready")) + "/" + TopNumbers.count(service.path("all"));
        return new TopRow(
                cells(
                        cut(service.path("name").asText(), longestName),
                        (inTrouble ? "TROUBLE " : "ok ") + readyOfAll,
                        service,
                        TopNumbers.count(service.path("waiting"))),
                connections(service.path("tcp")),
                OneLine.of(service.path("why").asText(""), LONGEST_REASON),
                RowKind.SERVICE,
                inTrouble ? Tone.TROUBLE : Tone.PLAIN);
    }

    private static TopRow instance(JsonNode upstream, boolean inTrouble, int longestName) {
        String address = upstream.path("address").asText();
        String state = upstream.path("state").asText("unknown");
        boolean isReady = state.equals("ready");
        String stalled = upstream.path("stalled").asBoolean() ? "stalled" : "";
        String reason = wrong(upstream.path("reason").asText(""));
        return new TopRow(
                cells(
                        "\u2514 "
                                + cut(
                                        (address.contains(":") ? "[" + address + "]" : address) + ":"
                                                + TopNumbers.count(upstream.path("port")),
                                        longestName),
                        state,
                        upstream,
                        NONE),
                connections(MissingNode.getInstance()),
                OneLine.of(
                        reason.isEmpty() || stalled.isEmpty() ? stalled + reason : stalled + "; " + reason,
                        LONGEST_REASON),
                !isReady
                        ? RowKind.BAD_INSTANCE
                        : inTrouble ? RowKind.READY_INSTANCE_IN_TROUBLE : RowKind.READY_INSTANCE,
                isReady ? Tone.PLAIN : Tone.WARNING);
    }

    /** The reason of a state, but for the one that says that nothing is wrong. */
    private static String wrong(String reason) {
        return reason.equals(StateView.WELL) ? "" : reason;
    }

    private static List<String> cells(String name, String state, JsonNode counted, String waiting) {
        JsonNode traffic = counted.path("traffic");
        return List.of(
                name,
                state,
                TopNumbers.of(traffic.path("rate")),
                TopNumbers.of(traffic.path("errors")),
                TopNumbers.of(traffic.path("p50Ms")),
                TopNumbers.of(traffic.path("p99Ms")),
                TopNumbers.count(counted.path("inFlight")),
                waiting);
    }

    /** Dashes where no TCP route leads to it. */
    private static List<String> connections(JsonNode tcp) {
        return List.of(
                TopNumbers.count(tcp.path("open")),
                TopNumbers.of(tcp.path("rate")),
                TopNumbers.bytes(tcp.path("received")),
                TopNumbers.bytes(tcp.path("sent")));
    }

    private static String cut(String name, int longest) {
        String line = OneLine.of(name);
        return DisplayWidth.of(line) <= longest ? line : DisplayWidth.cut(line, longest - 1) + "\u2026";
    }
}

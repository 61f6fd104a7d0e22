package dev.pointsman.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pointsman.cli.TextTable.TableColumn;
import dev.pointsman.cli.TopLine.Tone;
import dev.pointsman.cli.TopRow.RowKind;
import java.util.ArrayList;
import java.util.List;

/** The live table: services in the order of the admin API, those in trouble first, each with its instances below it. */
final class TopTable {
    private static final List<TableColumn> COLUMNS = List.of(
            TableColumn.text("SERVICE"),
            TableColumn.text("STATE"),
            TableColumn.number("REQ/S"),
            TableColumn.number("ERR/S"),
            TableColumn.number("P50 MS"),
            TableColumn.number("P99 MS"),
            TableColumn.number("IN FLIGHT"),
            TableColumn.number("WAITING"));

    /** Shown where any TCP route is. */
    private static final List<TableColumn> CONNECTIONS = List.of(
            TableColumn.number("CONNS"),
            TableColumn.number("CONN/S"),
            TableColumn.number("IN B/S"),
            TableColumn.number("OUT B/S"));

    private static final TableColumn WRONG = TableColumn.text("WHAT IS WRONG");

    /** From this width on what is wrong has a column of its own, else a line. */
    private static final int WIDE = 120;

    private static final int LEAST_NAME = 20;
    private static final String INDENT = "    ";

    private final JsonNode overview;
    private final int columns;
    private final boolean isWide;
    private final boolean hasTcp;

    /** @param columns of the terminal; 0 for no bound */
    TopTable(JsonNode overview, int columns) {
        this.overview = overview;
        this.columns = columns;
        this.hasTcp = overview.hasNonNull("tcp");
        this.isWide = columns == 0 || columns >= WIDE;
    }

    /** @param room how many lines there may be; 0 for any number */
    List<TopLine> lines(int room) {
        int longestName = columns == 0 ? Integer.MAX_VALUE : Math.max(LEAST_NAME, columns / 3);
        List<TopRow> rows = new ArrayList<>();
        overview.path("services").forEach(service -> rows.addAll(TopRow.of(service, longestName)));
        int instances = rows.size() - services(rows);
        if (room > 0) {
            fit(rows, Math.max(1, room - 1));
        }
        List<TopLine> lines = rows.isEmpty() ? new ArrayList<>() : written(rows);
        String more = more(
                overview.path("matching").asInt(services(rows)) - services(rows),
                instances - (rows.size() - services(rows)));
        if (!more.isEmpty()) {
            lines.add(TopLine.plain(more));
        } else if (rows.isEmpty()) {
            lines.add(TopLine.plain(overview.path("total").asInt() == 0 ? "no services" : "no service matches"));
        }
        return lines;
    }

    private List<TopLine> written(List<TopRow> rows) {
        TextTable table = new TextTable(shown()).cutTo(columns);
        List<String> texts = table.lines(rows.stream().map(this::cells).toList());
        List<TopLine> lines = new ArrayList<>();
        lines.add(new TopLine(texts.get(0), Tone.HEAD));
        for (int i = 0; i < rows.size(); i++) {
            TopRow row = rows.get(i);
            lines.add(new TopLine(texts.get(i + 1), row.tone()));
            if (!isWide && !row.why().isEmpty()) {
                lines.add(new TopLine(INDENT + row.why(), row.tone()));
            }
        }
        return lines;
    }

    private List<TableColumn> shown() {
        List<TableColumn> shown = new ArrayList<>(COLUMNS);
        if (hasTcp) {
            shown.addAll(CONNECTIONS);
        }
        if (isWide) {
            shown.add(WRONG);
        }
        return shown;
    }

    private List<String> cells(TopRow row) {
        List<String> cells = new ArrayList<>(row.cells());
        if (hasTcp) {
            cells.addAll(row.connections());
        }
        cells.add(row.why());
        return cells;
    }

    /** Leaves out what matters least: instances that are ready, from the end on, and then the end. */
    private void fit(List<TopRow> rows, int room) {
        // The head of the table is a line too.
        int taken = 1 + rows.stream().mapToInt(this::height).sum();
        for (RowKind kind : List.of(RowKind.READY_INSTANCE, RowKind.READY_INSTANCE_IN_TROUBLE)) {
            for (int i = rows.size() - 1; i >= 0 && taken > room; i--) {
                if (rows.get(i).kind() == kind) {
                    taken -= height(rows.remove(i));
                }
            }
        }
        while (taken > room && !rows.isEmpty()) {
            taken -= height(rows.remove(rows.size() - 1));
        }
    }

    private int height(TopRow row) {
        return isWide || row.why().isEmpty() ? 1 : 2;
    }

    private static int services(List<TopRow> rows) {
        return (int) rows.stream().filter(row -> row.kind() == RowKind.SERVICE).count();
    }

    private static String more(int services, int instances) {
        if (services <= 0 && instances <= 0) {
            return "";
        }
        List<String> parts = new ArrayList<>();
        if (services > 0) {
            parts.add(services + (services == 1 ? " more service" : " more services"));
        }
        if (instances > 0) {
            parts.add(instances + (instances == 1 ? " more instance" : " more instances"));
        }
        return "\u2026 " + String.join(", ", parts);
    }
}

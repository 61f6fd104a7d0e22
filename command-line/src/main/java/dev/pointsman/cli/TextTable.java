package dev.pointsman.cli;

import dev.pointsman.registry.OneLine;
import java.util.ArrayList;
import java.util.List;

/**
 * A table for a terminal: text to the left, numbers to the right, no lines between. What stands in a cell is made harmless
 * (see {@link OneLine}), and wide characters count as the two columns that they take. Columns that are as wide as they were
 * stay so, for a table that goes on. Not thread-safe.
 */
final class TextTable {
    private static final int LONGEST_CELL = 400;
    private static final String GAP = "  ";
    private static final String ELLIPSIS = "\u2026";

    private final List<TableColumn> columns;
    private final int[] widths;
    private int most = Integer.MAX_VALUE;

    /** A column with its head. */
    record TableColumn(String head, boolean isNumber) {
        static TableColumn text(String head) {
            return new TableColumn(head, false);
        }

        static TableColumn number(String head) {
            return new TableColumn(head, true);
        }
    }

    TextTable(List<TableColumn> columns) {
        this.columns = List.copyOf(columns);
        this.widths = new int[columns.size()];
    }

    /**
     * Has lines be cut where a terminal would break them.
     *
     * @param width of the terminal in columns; 0 for no bound
     */
    TextTable cutTo(int width) {
        most = width == 0 ? Integer.MAX_VALUE : width;
        return this;
    }

    /**
     * The lines of the table, the head first.
     *
     * @param rows each with a cell for each column; cells beyond are left out
     */
    List<String> lines(List<List<String>> rows) {
        List<List<String>> all = new ArrayList<>();
        all.add(columns.stream().map(TableColumn::head).toList());
        all.addAll(rows);
        return moreLines(all);
    }

    /** The lines of further rows. */
    List<String> moreLines(List<List<String>> rows) {
        List<List<String>> shown = rows.stream()
                .map(row -> row.stream()
                        .limit(widths.length)
                        .map(cell -> OneLine.of(cell, LONGEST_CELL))
                        .toList())
                .toList();
        for (List<String> row : shown) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], DisplayWidth.of(row.get(i)));
            }
        }
        return shown.stream().map(this::line).toList();
    }

    private String line(List<String> row) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String blanks = " ".repeat(widths[i] - DisplayWidth.of(row.get(i)));
            boolean right = columns.get(i).isNumber();
            line.append(i == 0 ? "" : GAP)
                    .append(right ? blanks : "")
                    .append(row.get(i))
                    .append(right ? "" : blanks);
        }
        String whole = line.toString().stripTrailing();
        return DisplayWidth.of(whole) <= most ? whole : DisplayWidth.cut(whole, most - 1) + ELLIPSIS;
    }
}

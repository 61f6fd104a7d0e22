package dev.pointsman.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pointsman.cli.TopLine.Tone;
import dev.pointsman.registry.OneLine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is to be seen at one moment. Immutable.
 *
 * @param overview the newest document of {@code GET /api/overview}; null if there was none yet
 * @param admin where it comes from, as somebody would type it
 * @param away why there is no newer one; null if it is new
 * @param footer the last line; empty for none
 */
record TopFrame(
        @Nullable JsonNode overview, String admin, @Nullable Away away, String footer) {
    private static final int LONGEST_REASON = 300;

    /**
     * The balancer's absence.
     *
     * @param since how long it has not answered
     */
    record Away(Duration since, String why) {}

    /** The lines, none wider than the terminal, and together no higher. */
    List<TopLine> lines(TerminalSize size) {
        List<TopLine> lines = new ArrayList<>();
        if (away != null) {
            lines.add(new TopLine(absence(away), Tone.TROUBLE));
        } else if (overview == null) {
            lines.add(TopLine.plain("asking " + OneLine.of(admin)));
        }
        Tone old = away == null ? null : Tone.OLD;
        int end = footer.isEmpty() ? 0 : 1;
        if (overview != null) {
            List<TopLine> known = new ArrayList<>(TopHeader.lines(overview, admin));
            known.add(TopLine.plain(""));
            int above = lines.size() + known.size() + end;
            known.addAll(new TopTable(overview, size.columns())
                    .lines(size.rows() == 0 ? 0 : Math.max(1, size.rows() - above)));
            known.forEach(line -> lines.add(old == null ? line : line.as(old)));
        }
        List<TopLine> shown = size.rows() == 0 || lines.size() <= size.rows() - end
                ? lines
                : lines.subList(0, Math.max(0, size.rows() - end));
        List<TopLine> all = new ArrayList<>(shown);
        if (end > 0) {
            all.add(TopLine.plain(footer));
        }
        return all.stream().map(line -> cut(line, size.columns())).toList();
    }

    private String absence(Away absent) {
        String of = overview == null
                ? ""
                : "; what follows is old, of " + OneLine.of(overview.path("at").asText());
        return "AWAY for " + InstanceTable.time(absent.since()) + of + " (" + OneLine.of(absent.why(), LONGEST_REASON)
                + ")";
    }

    private static TopLine cut(TopLine line, int columns) {
        return columns == 0 || DisplayWidth.of(line.text()) <= columns
                ? line
                : new TopLine(DisplayWidth.cut(line.text(), columns - 1) + "\u2026", line.tone());
    }
}

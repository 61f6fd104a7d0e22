package dev.pointsman.cli;

import dev.pointsman.cli.doctor.Finding;
import dev.pointsman.cli.doctor.Finding.FindingLevel;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What {@code pointsman doctor} found, for people and for programs. Immutable. */
record DoctorReport(List<Finding> findings) {
    private static final String INDENT = " ".repeat(9);

    DoctorReport {
        findings = List.copyOf(findings);
    }

    private Map<FindingLevel, Integer> counts() {
        Map<FindingLevel, Integer> counts = new EnumMap<>(FindingLevel.class);
        for (FindingLevel level : FindingLevel.values()) {
            counts.put(level, 0);
        }
        findings.forEach(finding -> counts.merge(finding.level(), 1, Integer::sum));
        return counts;
    }

    /** Whether anything is wrong. */
    boolean isBad(boolean strict) {
        return findings.stream()
                .anyMatch(
                        each -> each.level() == FindingLevel.ERROR || (strict && each.level() == FindingLevel.WARNING));
    }

    /**
     * A line for what is well, some lines for what is not, and how many there are of each.
     *
     * @param quiet whether what is well is left out
     */
    List<String> lines(boolean quiet) {
        List<String> lines = new ArrayList<>();
        for (Finding each : findings) {
            if (quiet && each.level() == FindingLevel.OK) {
                continue;
            }
            lines.add(String.format(
                    "%-8s %s: %s: %s", each.level().id(), each.check().id(), each.where(), each.what()));
            if (each.level() != FindingLevel.OK) {
                lines.add(INDENT + "why: " + each.why());
                lines.add(INDENT + "do:  " + each.todo());
            }
        }
        lines.add(counts().entrySet().stream()
                .map(each -> each.getValue() + " " + plural(each.getKey(), each.getValue()))
                .collect(Collectors.joining(", ")));
        return lines;
    }

    private static String plural(FindingLevel level, int count) {
        return level == FindingLevel.OK || count == 1 ? level.id() : level.id() + "s";
    }

    /** One object; docs/doctor.md has its fields. */
    String json(boolean strict) {
        JsonObject counts = new JsonObject();
        counts().forEach((level, count) -> counts.put(level.id(), count));
        return new JsonObject()
                .put("healthy", !isBad(strict))
                .put("counts", counts)
                .put(
                        "findings",
                        new JsonArray(findings.stream().map(DoctorReport::json).toList()))
                .encodePrettily();
    }

    private static JsonObject json(Finding each) {
        return new JsonObject()
                .put("level", each.level().id())
                .put("check", each.check().id())
                .put("where", each.where())
                .put("what", each.what())
                .put("why", each.why())
                .put("todo", each.todo());
    }
}

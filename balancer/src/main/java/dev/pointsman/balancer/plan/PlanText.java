package dev.pointsman.balancer.plan;

import dev.pointsman.balancer.plan.PlannedGroup.PlannedExample;
import dev.pointsman.balancer.plan.PlannedGroup.PlannedFlow;
import dev.pointsman.balancer.plan.RouteDifference.AlteredRoute;
import dev.pointsman.balancer.plan.RoutePlan.PlannedFate;
import dev.pointsman.balancer.route.Route;
import dev.pointsman.registry.OneLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** A plan as text that fits into a change request: the totals first, then what is behind each, aligned. */
public final class PlanText {
    private static final Map<PlannedFate, String> TOTALS = Map.of(
            PlannedFate.LOST, "have a route now and would get 404",
            PlannedFate.MOVED, "would go to another target",
            PlannedFate.ALTERED, "would go to the same target by another route or with other options",
            PlannedFate.GAINED, "get 404 now and would have a route",
            PlannedFate.UNCERTAIN, "uncertain: it depends on header fields or query values, which are not kept");

    private static final Map<PlannedFate, String> TITLES = Map.of(
            PlannedFate.LOST, "Would get 404",
            PlannedFate.MOVED, "Another target",
            PlannedFate.ALTERED, "Same target, other route or options",
            PlannedFate.GAINED, "Would have a route",
            PlannedFate.UNCERTAIN, "Uncertain");

    /** The most routes of a list that are named, and the most flows. */
    private static final int MOST_LINES = 20;

    /** What is longer says less than it hides. */
    private static final int LONGEST = 120;

    private final RoutePlan plan;
    private final List<String> lines = new ArrayList<>();

    private PlanText(RoutePlan plan) {
        this.plan = plan;
    }

    /**
     * The text.
     *
     * @param title what was compared with what; the first line
     * @param span from when to when the requests came, in words that follow their number; may be empty
     */
    public static String of(RoutePlan plan, String title, String span) {
        return new PlanText(plan).write(title, span);
    }

    private String write(String title, String span) {
        int width = number(plan.requests()).length() + 2;
        lines.add(title);
        lines.add("");
        lines.add("Requests: " + number(plan.requests()) + " replayed" + (span.isEmpty() ? "" : ", " + span));
        total(width, plan.unchanged(), "unchanged");
        for (PlannedFate fate : PlannedFate.values()) {
            int count = plan.group(fate).requests();
            if (count > 0 || fate == PlannedFate.LOST || fate == PlannedFate.MOVED) {
                total(width, count, TOTALS.getOrDefault(fate, ""));
            }
        }
        if (plan.unrouted() > 0) {
            total(width, plan.unrouted(), "get 404 now and would get it again");
        }
        routes();
        for (PlannedFate fate : PlannedFate.values()) {
            group(TITLES.getOrDefault(fate, ""), plan.group(fate), width);
        }
        return lines.stream().map(String::stripTrailing).collect(Collectors.joining("\n", "", "\n"));
    }

    private void total(int width, int count, String what) {
        lines.add(padded(number(count), width) + "  " + what);
    }

    private void routes() {
        RouteDifference difference = plan.routes();
        List<AlteredRoute> targets =
                difference.changed().stream().filter(AlteredRoute::isOfTarget).toList();
        List<AlteredRoute> options =
                difference.changed().stream().filter(each -> !each.isOfTarget()).toList();
        lines.add("");
        lines.add("Routes: " + number(plan.routesThen()) + " then; "
                + number(difference.added().size()) + " added, "
                + number(difference.removed().size()) + " removed, " + number(targets.size())
                + " with another target, " + number(options.size()) + " with other options");
        list("added", difference.added().stream().map(RoutePlan::describe).toList());
        list("removed", difference.removed().stream().map(RoutePlan::describe).toList());
        list("target", targets.stream().map(PlanText::retargeted).toList());
        list(
                "options",
                options.stream()
                        .map(each -> each.then().key() + each.hostChange())
                        .toList());
        list("unused", plan.unused().stream().map(PlanText::key).toList());
    }

    private static String key(Route route) {
        return route.key().toString();
    }

    private static String retargeted(AlteredRoute each) {
        return each.now().key() + ": " + RouteDifference.destination(each.now()) + " => "
                + RouteDifference.destination(each.then()) + each.hostChange();
    }

    private void list(String word, List<String> entries) {
        entries.stream()
                .limit(MOST_LINES)
                .forEach(each -> lines.add(String.format(Locale.ROOT, "  %-8s %s", word, shown(each))));
        if (entries.size() > MOST_LINES) {
            lines.add(String.format(Locale.ROOT, "  %-8s ... and %s more", word, number(entries.size() - MOST_LINES)));
        }
    }

    private void group(String title, PlannedGroup group, int width) {
        if (group.requests() == 0) {
            return;
        }
        lines.add("");
        lines.add(title + ": " + number(group.requests()));
        int from = group.flows().stream()
                .limit(MOST_LINES)
                .mapToInt(flow -> shown(flow.from()).length())
                .max()
                .orElse(0);
        for (PlannedFlow flow :
                group.flows().subList(0, Math.min(MOST_LINES, group.flows().size()))) {
            lines.add(padded(number(flow.requests()), width) + "  " + filled(shown(flow.from()), from) + "  =>  "
                    + shown(flow.to()));
        }
        if (group.flows().size() > MOST_LINES) {
            lines.add("  ... and " + number(group.flows().size() - MOST_LINES) + " more ways");
        }
        lines.add("  most frequent:");
        int method = group.examples().stream()
                .mapToInt(each -> each.method().length())
                .max()
                .orElse(0);
        for (PlannedExample each : group.examples()) {
            lines.add(padded(number(each.requests()), width) + "  " + filled(OneLine.of(each.method(), 20), method)
                    + " " + shown(each.host() + each.path()));
        }
    }

    private static String shown(String text) {
        return OneLine.of(text, LONGEST);
    }

    private static String number(int count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    private static String padded(String text, int width) {
        return " ".repeat(Math.max(0, width - text.length())) + text;
    }

    private static String filled(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }
}

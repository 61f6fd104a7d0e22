package dev.pointsman.balancer.explain;

import dev.pointsman.balancer.explain.Explanation.ExplainedBranch;
import dev.pointsman.balancer.route.Route;
import dev.pointsman.balancer.route.RouteCandidates.Passed;
import dev.pointsman.balancer.route.RouteLookup.TableEntry;
import dev.pointsman.registry.OneLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/** An explanation as text for a terminal. */
public final class ExplanationText {
    /** The most candidates that are named besides the route. */
    private static final int MOST_CANDIDATES = 10;

    private static final int LONGEST = 160;

    private final List<String> lines = new ArrayList<>();

    private ExplanationText() {}

    /** The text of an explanation. */
    public static String of(Explanation explained) {
        return new ExplanationText().write(explained);
    }

    /** The text of an explanation. */
    public static String of(ConnectionExplanation explained) {
        return new ExplanationText().write(explained);
    }

    private String write(ConnectionExplanation explained) {
        lines.add(shown(explained.asked().url()));
        if (explained.refusal() != null) {
            lines.add("  refused   " + explained.refusal());
        }
        Route taken = explained.taken();
        if (taken == null) {
            lines.add("  route     none: it is closed (table " + explained.version() + ")");
            lines.add("            " + shown(explained.why()));
        } else {
            taken(taken, explained.why(), explained.version());
        }
        String title = "  not       ";
        for (Route each : explained
                .others()
                .subList(0, Math.min(MOST_CANDIDATES, explained.others().size()))) {
            lines.add(title + shown(describe(each)));
            title = "            ";
        }
        explained.branches().forEach(each -> branch(each, explained.branches().size(), "connections"));
        return text();
    }

    private String write(Explanation explained) {
        AskedRequest request = explained.request();
        String host = request.host() == null ? "" : request.host();
        lines.add(shown(request.method() + " " + host + request.originForm()));
        if (explained.refusal() != null) {
            lines.add("  refused   " + explained.refusal());
        }
        route(explained);
        explained.branches().forEach(each -> branch(each, explained.branches().size(), "requests"));
        effects(explained);
        return text();
    }

    private String text() {
        return lines.stream().map(String::stripTrailing).collect(Collectors.joining("\n", "", "\n"));
    }

    private void route(Explanation explained) {
        TableEntry taken = explained.candidates().taken();
        String why = explained.candidates().why();
        if (taken == null) {
            lines.add("  route     none: it gets 404 (table " + explained.version() + ")");
            lines.add("            " + why);
        } else {
            taken(taken.route(), why, explained.version());
        }
        List<Passed> others = explained.candidates().others();
        String title = "  not       ";
        for (Passed each : others.subList(0, Math.min(MOST_CANDIDATES, others.size()))) {
            lines.add(title + shown(describe(each.route()) + ": " + each.why()));
            title = "            ";
        }
        if (others.size() > MOST_CANDIDATES) {
            lines.add(title + "... and " + (others.size() - MOST_CANDIDATES) + " more");
        }
        explained
                .candidates()
                .elsewhere()
                .forEach(each -> lines.add("  elsewhere " + shown(describe(each)) + " is for another host"));
    }

    private void taken(Route route, String why, long version) {
        lines.add("  route     " + shown(describe(route)));
        lines.add("            " + shown(why));
        lines.add("            from " + shown(route.origin().where()) + " ("
                + route.origin().source().name().toLowerCase(Locale.ROOT) + "), table " + version);
    }

    private static String describe(Route route) {
        String target = route.describeTarget();
        return route.key() + (target.isEmpty() ? "" : " -> " + target);
    }

    private void branch(ExplainedBranch branch, int branches, String ofWhat) {
        lines.add("");
        String share = branches == 1
                ? ""
                : String.format(Locale.ROOT, ", %.4g %% of the %s", branch.share(), ofWhat)
                        .replace(".000", "");
        lines.add(shown(branch.target()) + " (" + branch.policy() + share + (branch.failOpen() ? ", failing open" : "")
                + "), next: " + shown(branch.next()));
        int id = width(branch, each -> each.key().id());
        int authority = width(branch, InstanceVerdict::authority);
        int word = width(branch, InstanceVerdict::word);
        for (InstanceVerdict each : branch.instances()) {
            String load = each.inFlight() + " in flight" + (each.weight() == 1 ? "" : ", weight " + each.weight());
            lines.add("  " + filled(shown(each.key().id()), id) + "  " + filled(shown(each.authority()), authority)
                    + "  " + filled(each.word(), word) + "  " + load
                    + (each.why().isEmpty() ? "" : "; " + shown(each.why())));
        }
    }

    private static int width(ExplainedBranch branch, Function<InstanceVerdict, String> column) {
        return branch.instances().stream()
                .mapToInt(each -> shown(column.apply(each)).length())
                .max()
                .orElse(0);
    }

    private void effects(Explanation explained) {
        if (explained.effects().isEmpty()) {
            return;
        }
        lines.add("");
        lines.add("what it does");
        int width = explained.effects().stream()
                .mapToInt(each -> each.name().length())
                .max()
                .orElse(0);
        explained.effects().forEach(each -> lines.add("  " + filled(each.name(), width) + "  " + shown(each.value())));
    }

    private static String shown(String text) {
        return OneLine.of(text, LONGEST);
    }

    private static String filled(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }
}

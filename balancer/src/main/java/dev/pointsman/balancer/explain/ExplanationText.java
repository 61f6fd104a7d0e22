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

    private final Explanation explained;
    private final List<String> lines = new ArrayList<>();

    private ExplanationText(Explanation explained) {
        this.explained = explained;
    }

    /** The text of an explanation. */
    public static String of(Explanation explained) {
        return new ExplanationText(explained).write();
    }

    private String write() {
        AskedRequest request = explained.request();
        String host = request.host() == null ? "" : request.host();
        lines.add(shown(request.method() + " " + host + request.originForm()));
        if (explained.refusal() != null) {
            lines.add("  refused   " + explained.refusal());
        }
        route();
        explained.branches().forEach(this::branch);
        effects();
        return lines.stream().map(String::stripTrailing).collect(Collectors.joining("\n", "", "\n"));
    }

    private void route() {
        TableEntry taken = explained.candidates().taken();
        String why = explained.candidates().why();
        if (taken == null) {
            lines.add("  route     none: it gets 404 (table " + explained.version() + ")");
            lines.add("            " + why);
        } else {
            Route route = taken.route();
            lines.add("  route     " + shown(describe(route)));
            lines.add("            " + shown(why));
            lines.add("            from " + shown(route.origin().where()) + " ("
                    + route.origin().source().name().toLowerCase(Locale.ROOT) + "), table " + explained.version());
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

    private static String describe(Route route) {
        String target = route.describeTarget();
        return route.key() + (target.isEmpty() ? "" : " -> " + target);
    }

    private void branch(ExplainedBranch branch) {
        lines.add("");
        String share = explained.branches().size() == 1
                ? ""
                : String.format(Locale.ROOT, ", %.4g %% of the requests", branch.share())
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

    private void effects() {
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

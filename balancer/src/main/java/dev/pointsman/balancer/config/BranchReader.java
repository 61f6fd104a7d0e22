package dev.pointsman.balancer.config;

import dev.pointsman.balancer.route.Branch;
import dev.pointsman.balancer.route.PoolSettings;
import dev.pointsman.balancer.route.RouteOptions;
import dev.pointsman.balancer.route.StaticTarget;
import dev.pointsman.balancer.route.Target;
import dev.pointsman.settings.Option;
import dev.pointsman.settings.Setting;
import dev.pointsman.settings.Settings;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A reader of where a route leads: to one target ({@code to}, {@code upstreams}), to several with weights ({@code split}),
 * or nowhere, if it answers itself ({@code redirect}).
 */
final class BranchReader {
    private static final String EXPECTED =
            "to: with a tag or a service's name, or upstreams:, or split:, or redirect:, one of them";

    private final String source;
    private final Settings settings;

    private BranchReader(String source, Settings settings) {
        this.source = source;
        this.settings = settings;
    }

    /**
     * Reads the branches of a route; null if they cannot be read, and the problems are added to {@code settings}.
     *
     * @param text a tag, a service's name or URLs; empty if the options are to say it
     * @param source of the route, with its key
     * @param given the route's options
     * @param options the same, as they were read
     */
    static @Nullable List<Branch> read(
            String text, String source, List<Setting> given, RouteOptions options, Settings settings) {
        return new BranchReader(source, settings).read(text, given, options);
    }

    private @Nullable List<Branch> read(String text, List<Setting> given, RouteOptions options) {
        boolean splits = has(SplitSettings.SPLIT, given);
        boolean redirects = has(FilterSettings.REDIRECT, given);
        boolean upstreams = has(UpstreamSettings.UPSTREAMS, given);
        boolean to = !text.isEmpty() || has(RouteSettings.TO, given);
        List<String> ways = new ArrayList<>(1);
        addIf(to, "to", ways);
        addIf(upstreams, "upstreams", ways);
        addIf(splits, "split", ways);
        addIf(redirects, "redirect", ways);
        if (ways.size() > 1) {
            settings.problem(source + ": " + String.join(" and ", ways) + " (expected: " + EXPECTED + ")");
            return null;
        }
        if (ways.isEmpty()) {
            settings.problem(
                    given.isEmpty()
                            ? source + ": \"\" (expected: a tag or a service's name)"
                            : source + ": it leads nowhere (expected: " + EXPECTED + ")");
            return null;
        }
        if (redirects) {
            // The balancer responds itself.
            return List.of();
        }
        if (splits) {
            return split(
                    given.stream()
                            .filter(each -> each.key().equals(SplitSettings.SPLIT.key()))
                            .toList(),
                    options);
        }
        Target target = TargetReader.read(text, source, given, settings);
        return target == null ? null : List.of(branch(target, 1, options));
    }

    /** A branch, whose upstreams are spoken to over TLS where they are written down with https://. */
    private static Branch branch(Target target, int weight, RouteOptions options) {
        PoolSettings pool = options.pool();
        return target instanceof StaticTarget written && written.isSecure()
                ? new Branch(
                        target, weight, options.with(pool.with(pool.transport().overTls())))
                : new Branch(target, weight, options);
    }

    private @Nullable List<Branch> split(List<Setting> split, RouteOptions options) {
        List<Branch> branches = new ArrayList<>();
        long sum = 0;
        for (Setting each : split) {
            Settings parts = new Settings(each.parts(), settings.problems());
            String to = parts.find(SplitSettings.TO);
            Integer weight = parts.find(SplitSettings.WEIGHT);
            boolean isComplete = each.isComplete();
            if (isComplete && parts.last(SplitSettings.WEIGHT.key()) == null) {
                settings.problem(each.source() + ": no weight: (expected: "
                        + SplitSettings.WEIGHT.form().expected() + ")");
            }
            if (isComplete && parts.last(SplitSettings.TO.key()) == null) {
                settings.problem(each.source() + ": no to: (expected: a tag or a service's name)");
            }
            Target target = to == null ? null : TargetReader.read(to, each.source(), List.of(), settings);
            if (target != null && weight != null) {
                branches.add(branch(target, weight, options));
                sum += weight;
            }
        }
        if (branches.size() < split.size()) {
            return null;
        }
        if (sum == 0) {
            settings.problem(
                    split.get(0).source() + ": all weights are 0 (expected: a weight above 0 for one of them)");
            return null;
        }
        if (branches.stream().map(Branch::target).distinct().count() < branches.size()) {
            settings.problem(split.get(0).source() + ": the same target twice (expected: each target once)");
            return null;
        }
        return branches;
    }

    private static void addIf(boolean condition, String way, List<String> ways) {
        if (condition) {
            ways.add(way);
        }
    }

    private static boolean has(Option<?> option, List<Setting> given) {
        for (Setting each : given) {
            if (each.key().equals(option.key())) {
                return true;
            }
        }
        return false;
    }
}

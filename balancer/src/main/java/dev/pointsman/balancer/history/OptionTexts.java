package dev.pointsman.balancer.history;

import dev.pointsman.balancer.route.RouteOptions;
import dev.pointsman.pick.Policy;
import dev.pointsman.settings.Form;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The options of routes as texts, by the names of their settings. All components of {@link RouteOptions} are in it, those of
 * records within it too, so that none that is added later is left out of a comparison. Values that are secrets are not shown.
 */
public final class OptionTexts {
    /** Where a component has another name than its setting. */
    private static final Map<String, String> SETTINGS = Map.ofEntries(
            Map.entry("RouteOptions.response", "response-timeout"),
            Map.entry("RouteOptions.attempt", "attempt-timeout"),
            Map.entry("PathRewrite.strip", "strip-prefix"),
            Map.entry("PathRewrite.add", "add-prefix"),
            Map.entry("RouteFilters.request", "request-headers"),
            Map.entry("RouteFilters.response", "response-headers"),
            Map.entry("OutlierOptions.connectFailures", "max-connect-fails"),
            Map.entry("OutlierOptions.failures", "max-fails"),
            Map.entry("OutlierOptions.errorStatuses", "max-error-statuses"),
            Map.entry("OutlierOptions.firstTime", "fail-timeout"),
            Map.entry("OutlierOptions.longestTime", "max-fail-timeout"),
            Map.entry("OutlierOptions.maxPercent", "max-ejected"),
            Map.entry("ErrorRateOptions.maxExcess", "max-error-excess"),
            Map.entry("ErrorRateOptions.attempts", "error-requests"),
            Map.entry("ErrorRateOptions.interval", "error-interval"));

    /** Components that only group settings, whose names say nothing to a user. */
    private static final Set<String> GROUPS = Set.of(
            "RouteOptions.path",
            "RouteOptions.pool",
            "RouteOptions.filters",
            "PoolSettings.options",
            "PoolOptions.outliers",
            "OutlierOptions.errorRate");

    private static final Pattern SECRET = Pattern.compile(".*(secret|password|credential|token|users|hash).*");
    private static final Pattern CAPITAL = Pattern.compile("(?=[A-Z])");

    private OptionTexts() {}

    /** The options that are not the default, by the name of the setting. */
    public static Map<String, String> differing(RouteOptions options) {
        Map<String, String> standard = all(RouteOptions.DEFAULT);
        Map<String, String> differing = new LinkedHashMap<>(all(options));
        differing.entrySet().removeIf(each -> each.getValue().equals(standard.get(each.getKey())));
        return differing;
    }

    /** What is different in the later options, a sentence each. */
    static List<String> changes(RouteOptions before, RouteOptions after) {
        if (before.equals(after)) {
            return List.of();
        }
        Map<String, String> old = all(before);
        Map<String, String> now = all(after);
        List<String> changes = new ArrayList<>();
        now.forEach((name, text) -> {
            String other = old.getOrDefault(name, "none");
            if (!text.equals(other)) {
                changes.add(RouteDiff.was(name, text, other));
            }
        });
        old.forEach((name, text) -> {
            if (!now.containsKey(name)) {
                changes.add(RouteDiff.was(name, "none", text));
            }
        });
        return changes.isEmpty() ? List.of("the value of a secret") : changes;
    }

    private static Map<String, String> all(RouteOptions options) {
        Map<String, String> texts = new LinkedHashMap<>();
        add("", options, texts);
        return texts;
    }

    private static void add(String above, Record record, Map<String, String> texts) {
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            Object value = valueOf(component, record);
            String full = record.getClass().getSimpleName() + "." + component.getName();
            boolean unnamed = GROUPS.contains(full);
            if (unnamed && value == null) {
                continue;
            }
            String name = unnamed ? above : nameOf(above, full, component.getName());
            if (value instanceof Record part && isGroup(part)) {
                add(name, part, texts);
            } else {
                texts.put(name, SECRET.matcher(name).matches() ? "(not shown)" : text(value));
            }
        }
    }

    private static boolean isGroup(Record part) {
        return part.getClass().getPackageName().startsWith("dev.pointsman.") && !(part instanceof Policy);
    }

    private static @Nullable Object valueOf(RecordComponent component, Record record) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(record);
        } catch (IllegalAccessException | InvocationTargetException impossible) {
            throw new IllegalStateException("the components of a record can be read", impossible);
        }
    }

    private static String nameOf(String above, String full, String component) {
        String known = SETTINGS.get(full);
        String name = known == null ? String.join("-", CAPITAL.split(component)).toLowerCase(Locale.ROOT) : known;
        return above.isEmpty() ? name : above + ": " + name;
    }

    private static String text(@Nullable Object value) {
        if (value == null) {
            return "none";
        }
        if (value instanceof Duration time) {
            return Form.timeFromZero().write().apply(time);
        }
        String text = value.toString();
        return text.isEmpty() ? "none" : text;
    }
}

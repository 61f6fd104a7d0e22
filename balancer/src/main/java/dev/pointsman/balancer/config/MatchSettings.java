package dev.pointsman.balancer.config;

import dev.pointsman.balancer.route.RequestMatch;
import dev.pointsman.settings.Form;
import dev.pointsman.settings.Form.FormKind;
import dev.pointsman.settings.Option;
import dev.pointsman.settings.Option.OptionBuilder;
import dev.pointsman.settings.Option.SettingScope;
import dev.pointsman.settings.Option.Shape;
import dev.pointsman.settings.OptionTable;
import dev.pointsman.settings.Setting;
import dev.pointsman.settings.Settings;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The part of the table by which a route is for some requests of its host and path alone. */
final class MatchSettings {
    private static final Pattern METHOD = Pattern.compile("[A-Z][A-Z0-9_-]*");

    /** A token of RFC 9110, 5.6.2. */
    private static final Pattern FIELD_NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    static final Option<List<String>> METHODS = row(
                    "method",
                    Form.of(
                            FormKind.LIST,
                            "METHODS",
                            "methods in capitals, separated by commas, such as GET,HEAD",
                            MatchSettings::methods,
                            methods -> String.join(",", methods)))
            .shape(Shape.LIST)
            .example("GET,HEAD")
            .means("the method is one of these");

    static final Option<String> HEADER = row(
                    "header", Form.of(FormKind.TEXT, "NAME=VALUE", "text", text -> text, text -> text))
            .shape(Shape.MAP)
            .example("X-Version=2")
            .means("the first header field of this name has exactly this value; names in any case");

    static final Option<String> QUERY = row(
                    "query", Form.of(FormKind.TEXT, "NAME=VALUE", "text", text -> text, text -> text))
            .shape(Shape.MAP)
            .example("beta=1")
            .means("the first parameter of this name has, decoded, exactly this value");

    static final Option<String> MATCH = row("match", Form.any(FormKind.TEXT, "CONDITIONS"))
            .parts(METHODS, HEADER, QUERY)
            .caveat(
                    "A request that does not goes to the next route of the same host and path, those with more conditions"
                            + " first; see [Conditions](#conditions)")
            .means("take requests alone that meet all of these conditions");

    static final OptionTable TABLE = OptionTable.of(MATCH);

    private MatchSettings() {}

    private static <T> OptionBuilder<T> row(String key, Form<T> form) {
        return Option.of(key, form).scope(SettingScope.PART).reloadable();
    }

    private static @Nullable List<String> methods(String text) {
        List<String> methods =
                Arrays.stream(text.split(",", -1)).map(String::strip).toList();
        return methods.stream().allMatch(method -> METHOD.matcher(method).matches()) ? methods : null;
    }

    /** The conditions among the options of a route; what is wrong with them is added to their problems. */
    static RequestMatch read(Settings given) {
        Setting setting = given.last(MATCH.key());
        if (setting == null) {
            return RequestMatch.ANY;
        }
        Settings parts = new Settings(setting.parts(), given.problems());
        int before = given.problems().size();
        RequestMatch match = new RequestMatch(
                parts.each(METHODS).stream().flatMap(List::stream).toList(),
                pairs(HEADER, parts, true),
                pairs(QUERY, parts, false));
        if (match.isAny() && given.problems().size() == before) {
            given.problem(setting.source() + ": no condition (expected: method:, header: or query:)");
        }
        return match;
    }

    private static Map<String, String> pairs(Option<String> option, Settings parts, boolean fields) {
        Map<String, String> pairs = new TreeMap<>();
        for (Map.Entry<Setting, Map.Entry<String, String>> pair : parts.pairs(option.key())) {
            String name = pair.getValue().getKey();
            String key = fields ? name.toLowerCase(Locale.ROOT) : name;
            if (fields && !FIELD_NAME.matcher(name).matches()) {
                parts.problem(pair.getKey().source() + ": " + Settings.shown(name)
                        + " (expected: the name of a header field such as X-Version)");
            } else if (pairs.put(key, pair.getValue().getValue()) != null) {
                parts.problem(pair.getKey().source() + ": " + Settings.shown(name)
                        + " a second time (expected: each name once, in any case)");
            }
        }
        return pairs;
    }
}

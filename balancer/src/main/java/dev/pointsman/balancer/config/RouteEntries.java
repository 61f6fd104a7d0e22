package dev.pointsman.balancer.config;

import dev.pointsman.settings.FileSettings;
import dev.pointsman.settings.Setting;
import dev.pointsman.settings.YamlNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The routes of a YAML mapping as settings, not judged yet: below each {@code HOST/PATH} a tag, a mapping of options, or a
 * list of such mappings, each a route of its own.
 */
final class RouteEntries {
    private static final String FORMS = "a tag, a mapping with to: and options, or a list of such mappings";

    private final FileSettings reader;

    /** @param reader of the file that they stand in */
    RouteEntries(FileSettings reader) {
        this.reader = reader;
    }

    /**
     * Reads the routes.
     *
     * @param context the key above them
     * @param into takes a setting for each route: its key as the name, its tag as the value, its options as the parts
     */
    void read(String context, YamlNode value, List<Setting> into) {
        if (!(value instanceof YamlNode.YamlMapping routes)) {
            reader.problem(context, value, "not a mapping (expected: lines such as /api: api-service)");
            return;
        }
        for (YamlNode.YamlEntry route : routes.entries()) {
            String below = context + ": " + route.key().text();
            if (route.value() instanceof YamlNode.YamlList several) {
                if (several.items().isEmpty()) {
                    reader.problem(below, several, "an empty list (expected: " + FORMS + ")");
                }
                several.items().forEach(item -> one(context, route.key(), item, item, into));
            } else {
                one(context, route.key(), route.value(), route.key(), into);
            }
        }
    }

    /** @param place the node at whose place problems with the route as a whole are told */
    private void one(String above, YamlNode.YamlScalar key, YamlNode value, YamlNode place, List<Setting> into) {
        String route = BalancerSettings.ROUTE.key();
        String context = above + ": " + key.text();
        String source = reader.source(above, place);
        if (value instanceof YamlNode.YamlMapping options) {
            List<Setting> parts = new ArrayList<>();
            reader.read(context, options, RouteSettings.TABLE, Map.of(), parts);
            Setting target = parts.stream()
                    .filter(part -> part.key().equals(RouteSettings.TO.key()))
                    .findFirst()
                    .orElse(null);
            String to = target == null ? "" : target.value();
            String written = target == null ? "" : target.written();
            YamlNode given = options.get(RouteSettings.TO.key());
            if (!to.isBlank() || given == null) {
                into.add(new Setting(route, key.text(), to, source, parts, written));
            } else if (given.isOneValue()) {
                reader.problem(context, given, "to: \"\" (expected: a tag or a service's name)");
            }
        } else if (value instanceof YamlNode.YamlScalar tag && tag.isOneValue()) {
            refuseOptions(context, tag);
            into.add(new Setting(route, key.text(), tag.text(), source, List.of(), tag.written()));
        } else {
            reader.problem(context, value, "a list or nothing (expected: " + FORMS + ")");
        }
    }

    /**
     * A tag may hold a semicolon, but one that is followed by an option was meant as the form of the flag; taken for a tag,
     * it would lead every request to instances that there are not.
     */
    private void refuseOptions(String context, YamlNode.YamlScalar tag) {
        String[] parts = tag.text().split(";", -1);
        for (int i = 1; i < parts.length; i++) {
            String option = parts[i].split("=", 2)[0].strip();
            if (RouteSettings.TABLE.flags().byKey(option).isPresent()) {
                reader.problem(
                        context,
                        tag,
                        "\"" + tag.written() + "\" (expected: one tag, or a mapping with to: "
                                + tag.shownAs(parts[0].strip() + " and " + option) + ":)");
                return;
            }
        }
    }
}

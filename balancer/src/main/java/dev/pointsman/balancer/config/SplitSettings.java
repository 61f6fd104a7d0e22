package dev.pointsman.balancer.config;

import dev.pointsman.settings.Form;
import dev.pointsman.settings.Option;
import dev.pointsman.settings.Option.OptionBuilder;
import dev.pointsman.settings.Option.SettingScope;
import dev.pointsman.settings.Option.Shape;
import dev.pointsman.settings.OptionTable;

/** The part of the table by which a route leads to several targets, each with a share of the requests. */
final class SplitSettings {
    static final Option<String> TO =
            row("to", Form.text("TAG")).means("a tag, or a service's name, or URLs of upstreams; always needed");

    static final Option<Integer> WEIGHT = row("weight", Form.number(0, 1_000_000))
            .example("95")
            .means("its share of the requests, in proportion to the others; 0: none; always needed");

    static final OptionTable EACH = OptionTable.of(TO, WEIGHT);

    static final Option<String> SPLIT = row("split", Form.text("LIST"))
            .of(Shape.GROUPS, EACH)
            .caveat("In a file alone. See [Several targets](#several-targets)")
            .means("several targets in the place of one, each with a share of the requests");

    static final OptionTable TABLE = OptionTable.of(SPLIT);

    private SplitSettings() {}

    private static <T> OptionBuilder<T> row(String key, Form<T> form) {
        return Option.of(key, form).scope(SettingScope.PART).withoutFlag().reloadable();
    }
}

package dev.pointsman.balancer.config;

import dev.pointsman.balancer.route.StaticUpstream;
import dev.pointsman.settings.Form;
import dev.pointsman.settings.Option;
import dev.pointsman.settings.Option.OptionBuilder;
import dev.pointsman.settings.Option.SettingScope;
import dev.pointsman.settings.Option.Shape;
import dev.pointsman.settings.OptionTable;

/** The part of the table by which a route names its upstreams itself, without a registry. */
final class UpstreamSettings {
    static final Option<String> URL = row("url", Form.text("URL"))
            .example("http://10.0.0.7:8080")
            .caveat("A name is looked up for each new connection")
            .means("http:// or https:// with a host and perhaps a port, without a path; always needed");

    static final Option<Integer> WEIGHT = row("weight", Form.number(0, StaticUpstream.HIGHEST_WEIGHT))
            .byDefault(1)
            .means("its share of the requests, relative to the others; 0: none");

    static final Option<Boolean> DOWN = row("down", Form.bool())
            .byDefault(false)
            .means("whether it gets no requests and no checks, as if it were not there");

    static final Option<Boolean> BACKUP = row("backup", Form.bool())
            .byDefault(false)
            .caveat("See [there](policies.md#backups)")
            .means("whether it gets requests only while no upstream can serve that is no backup");

    /** The settings of one upstream. */
    static final OptionTable EACH = OptionTable.of(URL, WEIGHT, DOWN, BACKUP);

    static final Option<String> UPSTREAMS = row("upstreams", URL.form())
            .label("URL [weight=N] [down] [backup]")
            .of(Shape.GROUPS, EACH)
            .caveat("In a flag they stand in the place of the tag, separated by commas. See"
                    + " [there](static-upstreams.md)")
            .example("http://10.0.0.7:8080 weight=3")
            .means("the instances themselves, in the place of a tag: no registry is asked for them");

    static final OptionTable TABLE = OptionTable.of(UPSTREAMS);

    private UpstreamSettings() {}

    private static <T> OptionBuilder<T> row(String key, Form<T> form) {
        return Option.of(key, form).scope(SettingScope.PART).withoutFlag().reloadable();
    }
}

package dev.pointsman.balancer.config;

import dev.pointsman.balancer.fabio.FabioMatcher;
import dev.pointsman.balancer.route.HostPattern;
import dev.pointsman.settings.Form;
import dev.pointsman.settings.Form.FormKind;
import dev.pointsman.settings.Option;
import dev.pointsman.settings.Option.OptionBuilder;
import dev.pointsman.settings.Option.SettingScope;
import dev.pointsman.settings.Option.Shape;
import dev.pointsman.settings.OptionTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The part of the table by which routes come from the registry: from tags of instances, and from Consul's KV. */
final class AnnouncementSettings {
    static final Option<Boolean> TAGS_ON = part("on", Form.bool())
            .byDefault(true)
            .means("whether tags such as pointsman.route=shop.example.com/cart are routes");

    static final Option<List<HostPattern>> ALLOW_HOSTS = part(
                    "allow-hosts",
                    Form.of(
                            FormKind.LIST,
                            "HOSTS",
                            "hosts such as shop.example.com or *.example.com, separated by commas",
                            AnnouncementSettings::hosts,
                            AnnouncementSettings::joined))
            .shape(Shape.LIST)
            .example("*.example.com")
            .means("the only hosts that tags may announce; all where none is given");

    static final Option<List<String>> ALLOW_PREFIXES = part(
                    "allow-prefixes",
                    Form.of(
                            FormKind.LIST,
                            "PATHS",
                            "plain paths such as /shop, separated by commas",
                            AnnouncementSettings::prefixes,
                            prefixes -> String.join(",", prefixes)))
            .shape(Shape.LIST)
            .example("/shop,/api")
            .means("the only paths that tags may announce, with what is below them; all where none is given");

    static final Option<Boolean> EVERY_SERVICE = part("every-service", Form.bool())
            .byDefault(false)
            .caveat("Else only services with a tag that begins with `pointsman.route` are looked at; a bare"
                    + " `pointsman.route` will do")
            .means("whether services are followed that announce routes by the meta key pointsman-route alone");

    static final Option<Boolean> TAG_ROUTES = row("tag-routes", Form.bool())
            .parts(TAGS_ON, ALLOW_HOSTS, ALLOW_PREFIXES, EVERY_SERVICE)
            .byDefault(true)
            .caveat("See [routes from tags](tags.md)")
            .means("whether instances announce routes by their tags, and which they may announce");

    static final Option<Boolean> FABIO_TAGS = row("fabio-tags", Form.bool())
            .byDefault(false)
            .caveat("See [there](tags.md)")
            .means("whether tags in fabio's language are routes, and the commands below fabio-kv count");

    static final Option<String> FABIO_PREFIX = row("fabio-prefix", Form.text("TEXT"))
            .byDefault("urlprefix-")
            .means("what tags in fabio's language begin with");

    static final Option<FabioMatcher> MATCHER = row(
                    "matcher", Form.choice("NAME", "prefix, iprefix or glob", FabioMatcher.class))
            .byDefault(FabioMatcher.PREFIX)
            .means("how the paths of tags in fabio's language are read");

    static final Option<String> FABIO_AUTH = row("fabio-auth", Form.text("NAME=FILE"))
            .shape(Shape.MAP)
            .example("staff=/etc/pointsman/users")
            .caveat("`FILE;realm=TEXT` sets what browsers show, else it is the name. See [there](tags.md#users)")
            .means("the htpasswd file (bcrypt) of the users that auth=NAME in fabio's language stands for");

    static final Option<String> FABIO_KV = row("fabio-kv", Form.text("PREFIX"))
            .byDefault("fabio/config")
            .means("the prefix of keys in Consul's KV with commands in fabio's language; only with fabio-tags");

    static final Option<String> KV = row("kv", Form.text("PREFIX"))
            .example("pointsman/routes/")
            .caveat("Each key has a document in the form of `route`, in YAML or JSON; see [there](tags.md)")
            .means("the prefix of keys in Consul's KV whose values are routes");

    static final Option<String> CANARY_KV = Option.of("canary-kv", Form.text("PREFIX"))
            .example("pointsman/canaries")
            .caveat("Else each balancer decides alone; see [canaries](canaries.md)")
            .means("the prefix of keys in Consul's KV by which balancers agree on canaries");

    static final OptionTable TABLE =
            OptionTable.of(TAG_ROUTES, FABIO_TAGS, FABIO_PREFIX, MATCHER, FABIO_AUTH, FABIO_KV, KV, CANARY_KV);

    private AnnouncementSettings() {}

    private static <T> OptionBuilder<T> row(String key, Form<T> form) {
        return Option.of(key, form).scope(SettingScope.PROGRAM).reloadable();
    }

    private static <T> OptionBuilder<T> part(String key, Form<T> form) {
        return Option.of(key, form).scope(SettingScope.PART).reloadable();
    }

    private static @Nullable List<HostPattern> hosts(String list) {
        List<HostPattern> hosts = new ArrayList<>();
        for (String text : list.split(",", -1)) {
            HostPattern host = HostPattern.parse(text);
            if (host == null || host.equals(HostPattern.ANY)) {
                return null;
            }
            hosts.add(host);
        }
        return hosts;
    }

    private static String joined(List<HostPattern> hosts) {
        return String.join(",", hosts.stream().map(HostPattern::toString).toList());
    }

    private static @Nullable List<String> prefixes(String list) {
        List<String> prefixes =
                Arrays.stream(list.split(",", -1)).map(String::strip).toList();
        return prefixes.stream().allMatch(RouteReader::isPlainPath) ? prefixes : null;
    }
}

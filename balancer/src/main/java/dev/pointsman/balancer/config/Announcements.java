package dev.pointsman.balancer.config;

import dev.pointsman.balancer.fabio.FabioMatcher;
import dev.pointsman.balancer.route.AnnouncedPorts;
import dev.pointsman.balancer.route.AuthRule;
import dev.pointsman.balancer.route.HostPattern;
import dev.pointsman.settings.Setting;
import dev.pointsman.settings.Settings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How routes come from the registry. Immutable.
 *
 * @param tags whether tags of our own language are routes
 * @param allowHosts the only hosts that tags may announce; empty for all
 * @param allowPrefixes the only paths that tags may announce; empty for all
 * @param everyService whether services without such a tag are followed, too, for their metadata
 * @param fabio whether tags in fabio's language are routes
 * @param fabioPrefix what these begin with
 * @param matcher how their paths are read
 * @param fabioAuth the users that {@code auth=NAME} in fabio's language stands for, by that name
 * @param fabioKv the prefix of the keys with commands in fabio's language
 * @param kv the prefix of the keys with documents of our own; null for none
 * @param canaryKv the prefix of the keys by which balancers agree on canaries, without a slash at its end; null where each
 *     decides alone
 * @param defaults what counts where an announcement says nothing else
 * @param tcpPorts for whose connections routes may be announced
 * @param isAskedFor whether any of it was configured: then there are no routes for a first try
 */
public record Announcements(
        boolean tags,
        List<HostPattern> allowHosts,
        List<String> allowPrefixes,
        boolean everyService,
        boolean fabio,
        String fabioPrefix,
        FabioMatcher matcher,
        Map<String, AuthRule> fabioAuth,
        String fabioKv,
        @Nullable String kv,
        @Nullable String canaryKv,
        RouteDefaults defaults,
        AnnouncedPorts tcpPorts,
        boolean isAskedFor) {
    /** What stands between a file of users and their realm. */
    private static final String REALM = ";realm=";

    /** Nothing comes from the registry. */
    public static final Announcements NONE = new Announcements(
            false,
            List.of(),
            List.of(),
            false,
            false,
            "urlprefix-",
            FabioMatcher.PREFIX,
            Map.of(),
            "fabio/config",
            null,
            null,
            RouteDefaults.NONE,
            AnnouncedPorts.NONE,
            false);

    public Announcements {
        allowHosts = List.copyOf(allowHosts);
        allowPrefixes = List.copyOf(allowPrefixes);
        fabioAuth = Map.copyOf(fabioAuth);
    }

    /** Reads them; what is wrong is added to the settings' problems. */
    static Announcements read(Settings settings, RouteDefaults defaults, AnnouncedPorts tcpPorts) {
        List<String> problems = new ArrayList<>();
        Settings tags =
                new Settings(tagParts(settings.last(AnnouncementSettings.TAG_ROUTES.key()), problems), problems);
        Announcements read = new Announcements(
                tags.get(AnnouncementSettings.TAGS_ON),
                flat(tags.each(AnnouncementSettings.ALLOW_HOSTS)),
                flat(tags.each(AnnouncementSettings.ALLOW_PREFIXES)),
                tags.get(AnnouncementSettings.EVERY_SERVICE),
                settings.get(AnnouncementSettings.FABIO_TAGS),
                settings.get(AnnouncementSettings.FABIO_PREFIX),
                settings.get(AnnouncementSettings.MATCHER),
                fabioAuth(settings, defaults.looksAtFiles()),
                settings.get(AnnouncementSettings.FABIO_KV),
                settings.find(AnnouncementSettings.KV),
                withoutSlash(settings.find(AnnouncementSettings.CANARY_KV)),
                defaults,
                tcpPorts,
                AnnouncementSettings.TABLE.options().stream().anyMatch(row -> settings.last(row.key()) != null));
        problems.forEach(settings::problem);
        return read;
    }

    /** The parts of tag-routes, which a flag has as one text. */
    private static List<Setting> tagParts(@Nullable Setting given, List<String> problems) {
        if (given == null) {
            return List.of();
        }
        if (!given.parts().isEmpty()) {
            return given.parts();
        }
        List<String> texts = new ArrayList<>(Arrays.asList(given.value().split(";", -1)));
        texts.set(0, AnnouncementSettings.TAGS_ON.key() + "=" + texts.get(0));
        return OptionText.read(texts, AnnouncementSettings.TAG_ROUTES.partTable(), given.source(), problems::add);
    }

    /** The lists of users by their names; as with fabio the realm is the name, and instances get the Authorization field. */
    private static Map<String, AuthRule> fabioAuth(Settings settings, boolean looksAtFiles) {
        Map<String, AuthRule> users = new HashMap<>();
        for (Map.Entry<Setting, Map.Entry<String, String>> pair :
                settings.pairs(AnnouncementSettings.FABIO_AUTH.key())) {
            String name = pair.getValue().getKey().strip();
            String value = pair.getValue().getValue();
            int end = value.indexOf(REALM);
            String file = (end < 0 ? value : value.substring(0, end)).strip();
            String realm = (end < 0 ? name : value.substring(end + REALM.length())).strip();
            if (name.isEmpty() || file.isEmpty() || !FilterSettings.isRealm(realm)) {
                settings.problem(
                        pair.getKey(),
                        "a name with FILE or FILE;realm=TEXT, and a realm without quotes and backslashes");
                continue;
            }
            if (looksAtFiles) {
                FilterReader.checkUsers(settings, pair.getKey().source(), file);
            }
            users.put(name, new AuthRule(file, realm, true));
        }
        return users;
    }

    private static @Nullable String withoutSlash(@Nullable String prefix) {
        return prefix != null && prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
    }

    private static <T> List<T> flat(List<List<T>> lists) {
        return lists.stream().flatMap(List::stream).toList();
    }

    /** Whether any tags are to be read. */
    public boolean readsTags() {
        return tags || fabio;
    }
}

package dev.pointsman.balancer.config;

import dev.pointsman.balancer.route.BadUpstreamException;
import dev.pointsman.balancer.route.StaticTarget;
import dev.pointsman.balancer.route.StaticUpstream;
import dev.pointsman.balancer.route.TagTarget;
import dev.pointsman.balancer.route.Target;
import dev.pointsman.settings.Option;
import dev.pointsman.settings.Setting;
import dev.pointsman.settings.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A reader of what a route leads to: a tag, or upstreams that are written down. In text these are URLs, separated by commas,
 * each with the words of nginx's {@code server} line behind it ({@code weight=3 down backup}); in a file they are such text
 * as well, or mappings.
 */
final class TargetReader {
    private static final Pattern URL = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://.*", Pattern.DOTALL);

    /** No tag is written so; who does means an upstream, for which a registry would be asked in vain. */
    private static final Pattern ADDRESS =
            Pattern.compile("(localhost|\\d{1,3}(\\.\\d{1,3}){3}|\\[[0-9a-fA-F:.]+]):\\d{1,5}(?=[,\\s]|$)");

    private static final Pattern BLANKS = Pattern.compile("\\s+");
    private static final String HTTPS = "https://";
    private static final String WEIGHT = "weight=";
    private static final String EXPECTED_WORDS = "nothing behind the URL but weight=N with a whole number from 0 to "
            + StaticUpstream.HIGHEST_WEIGHT + ", down, backup";

    private final Settings settings;
    private final boolean ofTcp;
    private int found;

    private TargetReader(Settings settings, boolean ofTcp) {
        this.settings = settings;
        this.ofTcp = ofTcp;
    }

    /**
     * Reads the target of a route; null if there is none, and its problems are added to {@code settings}.
     *
     * @param text a tag, a service's name or URLs; does not count where the options name upstreams
     * @param source of the text, with the route's key
     * @param options of the route
     */
    static @Nullable Target read(String text, String source, List<Setting> options, Settings settings) {
        List<Setting> upstreams = options.stream()
                .filter(option -> option.key().equals(UpstreamSettings.UPSTREAMS.key()))
                .toList();
        TargetReader reader = new TargetReader(settings, false);
        if (!upstreams.isEmpty()) {
            return reader.ofList(upstreams);
        }
        return reader.ofTagOrText(text, source);
    }

    /** As {@link #read}, for a port of TCP, whose upstreams begin with {@code tcp://}. */
    static @Nullable Target readTcp(String text, String source, Settings settings) {
        return new TargetReader(settings, true).ofTagOrText(text, source);
    }

    private @Nullable Target ofTagOrText(String text, String source) {
        if (text.isEmpty()) {
            settings.problem(source + ": \"\" (expected: a tag or a service's name)");
            return null;
        }
        if (ADDRESS.matcher(text).lookingAt()) {
            settings.problem(source + ": " + Settings.shown(text) + " (expected: " + (ofTcp ? "tcp://" : "http://")
                    + " before an address, or else a tag or a service's name)");
            return null;
        }
        boolean isUrl = text.contains("://") && URL.matcher(text).matches();
        return isUrl ? ofText(text, source) : new TagTarget(text);
    }

    /** Whether upstreams are written down as https://; a mixture is refused later on. */
    static boolean isSecure(String text, List<Setting> options) {
        return isSecure(text) || hasSecure(UpstreamSettings.UPSTREAMS, UpstreamSettings.URL, options);
    }

    /** Whether one of several targets is written down as https://. */
    static boolean isSecureInPart(List<Setting> options) {
        return hasSecure(SplitSettings.SPLIT, SplitSettings.TO, options);
    }

    private static boolean hasSecure(Option<?> option, Option<?> part, List<Setting> options) {
        return options.stream()
                .filter(each -> each.key().equals(option.key()))
                .flatMap(each -> each.parts().stream())
                .anyMatch(each -> each.key().equals(part.key()) && isSecure(each.value()));
    }

    private static boolean isSecure(String text) {
        return text.strip().regionMatches(true, 0, HTTPS, 0, HTTPS.length());
    }

    private @Nullable Target ofText(String text, String source) {
        List<StaticUpstream> upstreams = new ArrayList<>();
        for (String each : text.split(",", -1)) {
            add(each.strip(), source, upstreams);
        }
        return target(upstreams, source);
    }

    private @Nullable Target ofList(List<Setting> list) {
        List<StaticUpstream> upstreams = new ArrayList<>();
        for (Setting each : list) {
            List<Setting> parts = each.parts();
            boolean isText = parts.size() == 1 && parts.get(0).key().equals(UpstreamSettings.URL.key());
            if (isText) {
                add(parts.get(0).value().strip(), parts.get(0).source(), upstreams);
            } else {
                addMapping(each, upstreams);
            }
        }
        return target(upstreams, list.get(0).source());
    }

    private void addMapping(Setting mapping, List<StaticUpstream> into) {
        found++;
        List<String> problems = new ArrayList<>();
        Settings parts = new Settings(mapping.parts(), problems);
        Setting url = parts.last(UpstreamSettings.URL.key());
        int weight = parts.get(UpstreamSettings.WEIGHT);
        boolean down = parts.get(UpstreamSettings.DOWN);
        boolean backup = parts.get(UpstreamSettings.BACKUP);
        problems.forEach(settings::problem);
        if (url == null && !mapping.isComplete()) {
            return;
        }
        if (url == null) {
            settings.problem(mapping.source() + ": no url: (expected: one such as http://10.0.0.7:8080)");
        } else {
            add(url.value().strip(), url.source(), weight, down, backup, into);
        }
    }

    private void add(String text, String source, List<StaticUpstream> into) {
        found++;
        String[] words = BLANKS.split(text, -1);
        int weight = 1;
        boolean down = false;
        boolean backup = false;
        for (int i = 1; i < words.length; i++) {
            Integer weighs = words[i].startsWith(WEIGHT)
                    ? UpstreamSettings.WEIGHT.form().parse().apply(words[i].substring(WEIGHT.length()))
                    : null;
            if (weighs != null) {
                weight = weighs;
            } else if (words[i].equals(UpstreamSettings.DOWN.key())) {
                down = true;
            } else if (words[i].equals(UpstreamSettings.BACKUP.key())) {
                backup = true;
            } else {
                settings.problem(
                        source + ": " + words[0] + ": \"" + words[i] + "\" (expected: " + EXPECTED_WORDS + ")");
                return;
            }
        }
        add(words[0], source, weight, down, backup, into);
    }

    private void add(String url, String source, int weight, boolean down, boolean backup, List<StaticUpstream> into) {
        try {
            into.add(
                    ofTcp
                            ? StaticUpstream.ofTcp(url, weight, down, backup)
                            : StaticUpstream.of(url, weight, down, backup));
        } catch (BadUpstreamException bad) {
            settings.problem(source + ": " + bad.getMessage());
        }
    }

    /** The target, unless one of its upstreams could not be read: the others are no route that anybody wrote. */
    private @Nullable Target target(List<StaticUpstream> upstreams, String source) {
        if (upstreams.size() < found) {
            return null;
        }
        try {
            return new StaticTarget(upstreams);
        } catch (IllegalArgumentException twice) {
            settings.problem(source + ": " + twice.getMessage());
            return null;
        }
    }
}

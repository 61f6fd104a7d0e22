package dev.pointsman.balancer.config;

import dev.pointsman.balancer.route.Route;
import dev.pointsman.balancer.route.RouteKey;
import dev.pointsman.balancer.route.RouteOrigin;
import dev.pointsman.balancer.route.RouteOrigin.RouteSource;
import dev.pointsman.settings.FileSettings;
import dev.pointsman.settings.Setting;
import dev.pointsman.settings.Settings;
import dev.pointsman.settings.YamlFile;
import dev.pointsman.settings.YamlNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A reader of routes that come while the balancer runs, from elsewhere than its file: documents in the form of the file's
 * {@code route}, in YAML or JSON. What the configuration says for all routes counts where they do not say otherwise, so they
 * are read again under a new one. Immutable, thread-safe; reading may look at files that routes name.
 */
public final class RouteDocuments {
    /** A reader under the default settings. */
    public static final RouteDocuments DEFAULT = new RouteDocuments(List.of(), RouteDefaults.NONE, Limits.DEFAULT);

    private final List<Setting> forAll;
    private final RouteDefaults defaults;
    private final Limits limits;

    /**
     * The routes below one key of a document, not judged yet. Immutable.
     *
     * @param key the host and the path, in normal form
     * @param value as it was written
     * @param settings one for each route
     */
    public record DocumentEntry(String key, YamlNode value, List<Setting> settings) {
        public DocumentEntry {
            settings = List.copyOf(settings);
        }
    }

    /**
     * A reader under a configuration.
     *
     * @param settings those of the configuration
     * @param defaults the same, as they were read for its own routes
     */
    RouteDocuments(Collection<Setting> settings, RouteDefaults defaults, Limits limits) {
        this.forAll = settings.stream()
                .filter(setting -> !setting.key().equals(BalancerSettings.ROUTE.key())
                        && !setting.key().equals(TcpSettings.TCP.key()))
                .toList();
        this.defaults = defaults;
        this.limits = limits;
    }

    /**
     * The entries of a document by their keys: a mapping as that below {@code route} in a file, or one with {@code route}
     * above it.
     *
     * @param name how the document is called in problems, before line and column
     * @throws ConfigException with everything that is wrong with its form
     */
    public static Map<String, DocumentEntry> entries(String name, byte[] document) throws ConfigException {
        List<String> problems = new ArrayList<>();
        Path file = Path.of(name);
        YamlNode root = YamlFile.read(file, document, problems);
        Map<String, DocumentEntry> entries = new LinkedHashMap<>();
        if (root == null && problems.isEmpty()) {
            problems.add(name + ":1:1: nothing in it (expected: lines such as /api: api-service)");
        } else if (root != null) {
            YamlNode routes = root instanceof YamlNode.YamlMapping all && all.get("route") != null
                    ? withoutOthers(all, name, problems)
                    : root;
            read(
                    new RouteEntries(new FileSettings(file, problems).refusingEmptyLists()),
                    routes,
                    name,
                    problems,
                    entries);
        }
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return entries;
    }

    private static YamlNode withoutOthers(YamlNode.YamlMapping all, String name, List<String> problems) {
        YamlNode routes = all;
        for (YamlNode.YamlEntry entry : all.entries()) {
            if (entry.key().text().equals("route")) {
                routes = entry.value();
            } else {
                problems.add(name + ":" + entry.key().line() + ":" + entry.key().column() + ": "
                        + Settings.shown(entry.key().text()) + " beside route (expected: routes alone)");
            }
        }
        return routes;
    }

    private static void read(
            RouteEntries reader,
            YamlNode routes,
            String name,
            List<String> problems,
            Map<String, DocumentEntry> entries) {
        if (!(routes instanceof YamlNode.YamlMapping mapping)) {
            problems.add(name + ":" + routes.line() + ":" + routes.column()
                    + ": not a mapping (expected: lines such as /api: api-service)");
            return;
        }
        for (YamlNode.YamlEntry route : mapping.entries()) {
            List<Setting> settings = new ArrayList<>();
            reader.read("route", new YamlNode.YamlMapping(List.of(route), mapping.line(), mapping.column()), settings);
            String key = normal(route.key().text());
            DocumentEntry before = entries.put(key, new DocumentEntry(key, route.value(), settings));
            if (before != null) {
                problems.add(name + ":" + route.key().line() + ":" + route.key().column() + ": route: " + key
                        + " stands twice (expected: each host and path once, with a list of routes for it)");
            }
        }
    }

    /** The normal form of HOST/PATH, by which entries are told apart; the text itself if it has not that form. */
    public static String normal(String key) {
        RouteKey read = RouteReader.key(key.strip());
        return read == null ? key : read.toString();
    }

    /**
     * The routes of entries.
     *
     * @param source the place that they are from
     * @throws ConfigException with everything that is wrong with them
     */
    public List<Route> read(Collection<DocumentEntry> entries, RouteSource source) throws ConfigException {
        Settings settings = new Settings(forAll);
        List<Setting> given =
                entries.stream().flatMap(entry -> entry.settings().stream()).toList();
        List<Route> routes = new RoutesReader(defaults, settings, limits).read(given);
        if (!settings.problems().isEmpty()) {
            throw new ConfigException(settings.problems());
        }
        return routes.stream()
                .map(route -> new Route(
                        route.key(),
                        route.branches(),
                        route.options(),
                        new RouteOrigin(source, route.origin().where()),
                        route.splitBy()))
                .toList();
    }
}

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
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A YAML document that holds routes alone, in the form that the file has them in below {@code route}; from Consul's KV, or given
 * to the admin API. Variables of the environment are not replaced in it: whoever may write it need not be allowed to read
 * them.
 */
public final class RouteDocument {
    private RouteDocument() {}

    /**
     * Reads the routes of a document, all or none.
     *
     * @param name of the document, for its problems and the origin of its routes
     * @param source where the document is from
     * @param forAll the settings of the balancer, which count where a route says nothing else
     * @param problems takes a sentence for each problem, with the document's name, line and column
     */
    public static List<Route> read(
            String name, byte[] content, RouteSource source, Settings forAll, List<String> problems) {
        List<String> found = new ArrayList<>();
        Path named = Path.of(name);
        YamlNode root = YamlFile.read(named, content, found);
        List<Setting> settings = new ArrayList<>();
        if (root != null) {
            FileSettings reader = new FileSettings(named, found);
            new RouteEntries(reader).read(BalancerSettings.ROUTE_KEY, root, settings);
        }
        Settings all = new Settings(forAll.all(), found);
        Map<RouteKey, Route> routes = new HashMap<>();
        List<Route> inOrder = new ArrayList<>();
        for (Setting setting : settings) {
            Route route = RouteReader.read(setting, all);
            if (route != null) {
                Route other = routes.putIfAbsent(route.key(), route);
                if (other != null) {
                    found.add(setting.source() + ": two routes for " + route.key() + ", the other one at "
                            + other.origin() + " (expected: one, or a match: that tells them apart)");
                }
                inOrder.add(new Route(
                        route.key(),
                        route.branches(),
                        route.options(),
                        new RouteOrigin(source, route.origin().where())));
            }
        }
        found.stream().distinct().forEach(problems::add);
        return found.isEmpty() ? inOrder : List.of();
    }
}

package dev.pointsman.cli.doctor;

import dev.pointsman.balancer.config.BalancerConfig;
import dev.pointsman.balancer.route.Branch;
import dev.pointsman.balancer.route.Route;
import dev.pointsman.balancer.route.TagTarget;
import dev.pointsman.cli.doctor.RegisteredServices.CatalogRead;
import dev.pointsman.launcher.drain.RegisteredBalancer;
import dev.pointsman.settings.NearestName;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whether somebody answers to each route, and each service has a route. Source: fabio #511 and #214, where a name that is spelled differently
 * in a tag and in a route is found out by its 404s only.
 */
final class RoutesCheckup implements Checkup {
    private final RegisteredServices services;
    private final BalancerConfig config;
    private final String registry;

    /** @param registry its URL */
    RoutesCheckup(RegisteredServices services, BalancerConfig config, String registry) {
        this.services = services;
        this.config = config;
        this.registry = registry;
    }

    @Override
    public List<Finding> findings() throws InterruptedException {
        if (!services.isReached()) {
            return List.of();
        }
        CatalogRead read = services.read();
        if (!read.trouble().isEmpty()) {
            return List.of(Finding.warning(
                    DoctorCheck.CATALOG,
                    registry,
                    "its services could not be read: " + read.trouble(),
                    "so nothing is known here about instances, tags and routes",
                    "see what is said about Consul above"));
        }
        List<Finding> missing = new ArrayList<>();
        Set<String> used = new TreeSet<>();
        for (Route route : config.routes()) {
            for (Branch branch : route.branches()) {
                if (branch.target() instanceof TagTarget target) {
                    used.add(target.name());
                    if (!read.targets().contains(target.name())) {
                        missing.add(missing(route, target.name(), read));
                    }
                }
            }
        }
        List<Finding> found = new ArrayList<>(Checkup.firstOf(missing));
        if (missing.isEmpty() && !used.isEmpty() && !read.instances().isEmpty()) {
            found.add(Finding.ok(
                    DoctorCheck.ROUTES, registry, "has an instance for each of the " + used.size() + " targets"));
        }
        found.addAll(unrouted(read, used));
        if (read.notRead() > 0) {
            found.add(Finding.note(
                    DoctorCheck.CATALOG,
                    registry,
                    read.notRead() + " services more than are looked at here",
                    "what is wrong with these is not found",
                    "nothing, if the routed ones are what matters: those were looked at first"));
        }
        return found;
    }

    private Finding missing(Route route, String target, CatalogRead read) {
        String hint = NearestName.hint(target, read.targets());
        boolean isDefault = !config.hasRoutes();
        String where = route.origin() + ": " + route.key();
        String what = "no instance has the tag or the service name \"" + target + "\"" + hint;
        return isDefault
                ? Finding.note(
                        DoctorCheck.ROUTES,
                        where,
                        what,
                        "it is a route of the first try, which counts as long as no other is configured",
                        "configure routes: route: in the file, or tags of the services")
                : Finding.warning(
                        DoctorCheck.ROUTES,
                        where,
                        what,
                        "its requests get 503",
                        "start such an instance, or correct the name in the route or where the service registers");
    }

    private List<Finding> unrouted(CatalogRead read, Set<String> used) {
        List<String> without = read.services().stream()
                .filter(service -> !service.equals(RegisteredBalancer.SERVICE))
                .filter(service -> read.instances().stream()
                        .filter(each -> each.service().equals(service))
                        .noneMatch(each -> used.stream().anyMatch(each::carries) || announces(each)))
                .toList();
        return without.isEmpty()
                ? List.of()
                : List.of(Finding.note(
                        DoctorCheck.ROUTES,
                        "the registry",
                        "no route leads to " + String.join(", ", without),
                        "nobody reaches them through this balancer",
                        "add a route to the name or a tag of those that are meant for it"));
    }

    private boolean announces(RegisteredInstance each) {
        String fabio = config.announcements().fabioPrefix();
        return each.meta().containsKey("pointsman-route")
                || each.tags().stream().anyMatch(tag -> tag.startsWith("pointsman.route") || tag.startsWith(fabio));
    }
}

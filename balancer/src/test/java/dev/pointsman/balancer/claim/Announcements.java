package dev.pointsman.balancer.claim;

import dev.pointsman.balancer.config.RouteDefaults;
import dev.pointsman.balancer.fabio.BadDocumentException;
import dev.pointsman.balancer.fabio.FabioDocument;
import dev.pointsman.balancer.fabio.FabioIndex;
import dev.pointsman.balancer.fabio.FabioMatcher;
import dev.pointsman.balancer.http.RequestTarget;
import dev.pointsman.balancer.route.AnnouncedPorts;
import dev.pointsman.balancer.route.AuthRule;
import dev.pointsman.balancer.route.Branch;
import dev.pointsman.balancer.route.Redirect;
import dev.pointsman.balancer.route.Route;
import dev.pointsman.balancer.route.RouteLookup.RoutedFacts;
import dev.pointsman.balancer.route.RouteLookup.TableEntry;
import dev.pointsman.balancer.route.RouteTable;
import dev.pointsman.registry.Health;
import dev.pointsman.registry.Instance;
import dev.pointsman.registry.InstanceKey;
import dev.pointsman.registry.Weights;
import dev.pointsman.testkit.ManualTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Instances that announce routes, and what becomes of requests then. Not thread-safe. */
final class Announcements {
    private final List<Instance> instances = new ArrayList<>();
    private final List<FabioDocument> documents = new ArrayList<>();
    private final ManualTime time = new ManualTime();
    private final ClaimBook book = new ClaimBook(time::instant);
    private FabioMatcher matcher = FabioMatcher.PREFIX;
    private TagFence fence = TagFence.NONE;
    private boolean fabioTags = true;
    private AnnouncedPorts tcpPorts = AnnouncedPorts.NONE;

    /** Adds an instance by its address and port, as healthy as can be. */
    Announcements instance(String id, String service, String... tags) {
        return instance(id, service, Health.PASSING, Map.of(), tags);
    }

    Announcements instance(String id, String service, Health health, Map<String, String> meta, String... tags) {
        instances.removeIf(each -> each.key().id().equals(id));
        int colon = id.lastIndexOf(':');
        instances.add(new Instance(
                new InstanceKey("node", id),
                service,
                id.substring(0, colon),
                Integer.parseInt(id.substring(colon + 1)),
                List.of(tags),
                meta,
                Weights.DEFAULT,
                health,
                ""));
        return this;
    }

    Announcements without(String id) {
        instances.removeIf(each -> each.key().id().equals(id));
        return this;
    }

    Announcements document(String... lines) throws BadDocumentException {
        documents.add(FabioDocument.parse("fabio/config", String.join("\n", lines)));
        return this;
    }

    Announcements matcher(FabioMatcher other) {
        matcher = other;
        return this;
    }

    Announcements fence(TagFence other) {
        fence = other;
        return this;
    }

    Announcements withoutFabio() {
        fabioTags = false;
        return this;
    }

    ManualTime time() {
        return time;
    }

    Claims read() {
        ClaimOptions options = new ClaimOptions(
                fabioTags,
                ClaimOptions.FABIO_PREFIX,
                matcher,
                "dc1",
                fence,
                ProtectedRoutes.NONE,
                RouteDefaults.NONE,
                Map.of("staff", new AuthRule("/etc/users", "staff", false)),
                tcpPorts);
        return book.read(options, instances, documents);
    }

    /** Opens ports for connections. */
    Announcements tcpPorts(AnnouncedPorts open) {
        tcpPorts = open;
        return this;
    }

    /** What becomes of a GET. */
    Outcome get(String host, String target) {
        return get(read(), host, target);
    }

    static Outcome get(Claims claims, String host, String target) {
        RequestTarget asked = RequestTarget.of(target);
        TableEntry found = new RouteTable(claims.routes(), FabioIndex::new).find(host, asked.path(), RoutedFacts.NONE);
        return new Outcome(claims, found == null ? null : found.route(), host, asked);
    }

    /** A route, and what a request by it meets. */
    record Outcome(Claims claims, @Nullable Route found, String host, RequestTarget asked) {
        Route route() {
            return Objects.requireNonNull(found, "no route");
        }

        /** The part of the requests that each instance gets, by its id; those that take no traffic left out. */
        Map<String, Double> shares() {
            Map<String, Double> shares = new TreeMap<>();
            double branches =
                    route().branches().stream().mapToInt(Branch::weight).sum();
            for (Branch branch : route().branches()) {
                List<Instance> live = claims.instances().getOrDefault(branch.target(), List.of()).stream()
                        .filter(each -> each.health() == Health.PASSING || each.health() == Health.WARNING)
                        .toList();
                double sum = live.stream().mapToInt(Instance::weight).sum();
                live.forEach(each -> shares.merge(
                        each.key().id(),
                        branch.weight() / branches * (sum == 0 ? 0 : each.weight() / sum),
                        Double::sum));
            }
            return shares;
        }

        /** The targets that the instances get. */
        List<@Nullable String> paths() {
            return route().branches().stream()
                    .map(branch -> branch.options().path().apply(asked.originForm(), asked.path()))
                    .toList();
        }

        Redirect redirect() {
            return Objects.requireNonNull(
                    Objects.requireNonNull(route().options().filters()).redirect());
        }

        @Nullable
        String location() {
            return redirect()
                    .location(
                            host,
                            asked.originForm(),
                            asked.path(),
                            route().options().path());
        }
    }
}

package dev.pointsman.balancer;

import dev.pointsman.balancer.RoutingControl.SourceRoutes;
import dev.pointsman.balancer.claim.ClaimBook;
import dev.pointsman.balancer.claim.ClaimOptions;
import dev.pointsman.balancer.claim.ClaimProblem;
import dev.pointsman.balancer.claim.Claims;
import dev.pointsman.balancer.claim.ProtectedRoutes;
import dev.pointsman.balancer.claim.TagFence;
import dev.pointsman.balancer.config.Announcements;
import dev.pointsman.balancer.fabio.FabioDocument;
import dev.pointsman.balancer.history.ChangeCause;
import dev.pointsman.balancer.proxy.RoutingSnapshot;
import dev.pointsman.balancer.route.ClaimTarget;
import dev.pointsman.balancer.route.RouteOrigin.RouteSource;
import dev.pointsman.registry.CatalogView;
import dev.pointsman.registry.Following;
import dev.pointsman.registry.InstanceKey;
import dev.pointsman.registry.ServiceCatalog;
import dev.pointsman.registry.ServiceSelection;
import dev.pointsman.registry.ServiceView;
import dev.pointsman.registry.Watch;
import dev.pointsman.registry.WatchStatus;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The routes that instances announce by their tags: one of the sources of {@link RoutingControl}. Follows every service that
 * announces any, and feeds the pools of their routes. Instances leave a pool after the table that does without them is in
 * force, so that through a change of tags there is no moment without an instance. For the control plane's context.
 */
final class AnnouncedRoutes {
    private static final Logger log = LoggerFactory.getLogger(AnnouncedRoutes.class);

    /** For so long a pool may wait for a new table until it is told of the instances that it has left. */
    private static final long LATEST_FEED_MILLIS = 500;

    private final Vertx control;
    private final Supplier<ServiceCatalog> catalog;
    private final RoutingControl routing;
    private final ClaimBook book;
    private final ClaimFeeds feeds = new ClaimFeeds();
    private final Set<String> said = new HashSet<>();

    private Announcements settings = Announcements.NONE;
    private ProtectedRoutes protectedRoutes = ProtectedRoutes.NONE;
    private CatalogView services = new CatalogView(new TreeMap<>(), Set.of());
    private List<FabioDocument> documents = List.of();
    private String datacenter = "";
    private @Nullable Following<CatalogView> following;
    private volatile Claims claims = Claims.NONE;

    /** @param catalog asked for the first time when services are to be followed */
    AnnouncedRoutes(Vertx control, Supplier<ServiceCatalog> catalog, RoutingControl routing, InstantSource clock) {
        this.control = control;
        this.catalog = catalog;
        this.routing = routing;
        this.book = new ClaimBook(clock);
    }

    /**
     * Begins to follow what these settings ask for, or goes on with what is known already.
     *
     * @param configured what tags replace only where the settings name it
     * @return what is announced, read by these settings
     */
    SourceRoutes under(Announcements next, ProtectedRoutes configured) {
        protectedRoutes = configured;
        boolean other = following == null
                || next.everyService() != settings.everyService()
                || next.readsTags() != settings.readsTags()
                || next.fabio() != settings.fabio()
                || !next.fabioPrefix().equals(settings.fabioPrefix());
        settings = next;
        if (other) {
            follow();
        }
        Claims read = read();
        take(read);
        return source(read);
    }

    private void follow() {
        stop();
        if (!settings.readsTags()) {
            services = new CatalogView(new TreeMap<>(), Set.of());
            return;
        }
        ServiceCatalog known = catalog.get();
        String name = "services that announce routes";
        Set<String> prefixes = new HashSet<>();
        if (settings.tags()) {
            prefixes.add("pointsman.route");
        }
        if (settings.fabio()) {
            prefixes.add(settings.fabioPrefix());
            known.datacenter()
                    .thenAccept(found -> control.runOnContext(onLoop -> knownDatacenter(found)))
                    .exceptionally(failed -> {
                        log.warn(
                                "the datacenter is not known, so $DC in tags stands for nothing: {}",
                                failed.getMessage());
                        return null;
                    });
        }
        following = known.follow(
                settings.everyService()
                        ? ServiceSelection.everyService(name)
                        : ServiceSelection.byTagPrefix(name, prefixes),
                this::changed);
    }

    private void knownDatacenter(String found) {
        datacenter = found;
        refresh(new ChangeCause(RouteSource.TAGS, "datacenter " + found));
    }

    private void changed(CatalogView view) {
        services = view;
        refresh(new ChangeCause(RouteSource.TAGS, cause(view.changed())));
    }

    private static String cause(Set<String> changed) {
        List<String> names = changed.stream().sorted().limit(3).toList();
        return "tags of " + String.join(", ", names) + (changed.size() > names.size() ? ", ..." : "");
    }

    /** Takes the commands in fabio's language that Consul's KV has. */
    void documents(List<FabioDocument> next) {
        documents = List.copyOf(next);
        refresh(new ChangeCause(RouteSource.KV, settings.fabioKv()));
    }

    private void refresh(ChangeCause cause) {
        Claims before = claims;
        Claims read = read();
        SourceRoutes source = source(read);
        if (read.routes().equals(before.routes())) {
            take(read);
            return;
        }
        // New pools are fed as soon as they are made; the others when the new table is in force.
        claims = read;
        feeds.prepare(views(read));
        say(read);
        Future<RoutingSnapshot> applied = routing.put(source.source(), source.routes(), source.isInUse(), cause);
        long latest = control.setTimer(LATEST_FEED_MILLIS, late -> feeds.publish());
        applied.onComplete(inForce -> {
            if (control.cancelTimer(latest)) {
                feeds.publish();
            }
        });
    }

    private void take(Claims read) {
        claims = read;
        feeds.prepare(views(read));
        feeds.publish();
        say(read);
    }

    private Claims read() {
        return book.read(
                new ClaimOptions(
                        settings.fabio(),
                        settings.fabioPrefix(),
                        settings.matcher(),
                        datacenter,
                        new TagFence(settings.allowHosts(), settings.allowPrefixes()),
                        protectedRoutes,
                        settings.defaults(),
                        settings.fabioAuth(),
                        settings.tcpPorts()),
                services.instances().toList(),
                documents);
    }

    private SourceRoutes source(Claims read) {
        boolean isInUse = settings.isAskedFor()
                || !read.routes().isEmpty()
                || !read.problems().isEmpty()
                || !read.overruled().isEmpty();
        return new SourceRoutes(RouteSource.TAGS, read.routes(), isInUse);
    }

    private Map<ClaimTarget, ServiceView> views(Claims read) {
        Set<InstanceKey> retained = new HashSet<>();
        Set<InstanceKey> stale = new HashSet<>();
        services.services().values().forEach(view -> {
            retained.addAll(view.retained());
            stale.addAll(view.stale());
        });
        Map<ClaimTarget, ServiceView> views = new HashMap<>();
        read.instances().forEach((target, instances) -> {
            Set<InstanceKey> own = new HashSet<>();
            instances.forEach(instance -> own.add(instance.key()));
            views.put(target, new ServiceView(target.name(), instances, common(own, retained), common(own, stale)));
        });
        return views;
    }

    private static <T> Set<T> common(Set<T> one, Set<T> other) {
        if (other.isEmpty()) {
            return Set.of();
        }
        Set<T> both = new HashSet<>(one);
        both.retainAll(other);
        return both;
    }

    /** Warns of each problem once, for as long as there is it. */
    private void say(Claims read) {
        Set<String> now = new HashSet<>();
        Stream.concat(read.problems().stream(), read.fenced().stream())
                .map(ClaimProblem::toString)
                .forEach(now::add);
        read.overruled().stream().map(ClaimProblem::ofService).forEach(now::add);
        now.addAll(read.documentProblems());
        now.stream().filter(problem -> !said.contains(problem)).sorted().forEach(problem -> log.warn("{}", problem));
        said.clear();
        said.addAll(now);
    }

    /** Follows the instances of one announced route. */
    Watch follow(ClaimTarget target, Consumer<ServiceView> views) {
        return feeds.follow(target, views, this::status);
    }

    private WatchStatus status() {
        Following<CatalogView> source = following;
        return source == null ? WatchStatus.NEW : source.status();
    }

    /** What is followed until its first view is there; empty if nothing is. */
    List<Following<?>> followed() {
        Following<CatalogView> source = following;
        return source == null ? Collections.emptyList() : List.of(source);
    }

    /** What is announced now. Any thread. */
    Claims claims() {
        return claims;
    }

    private void stop() {
        Following<CatalogView> source = following;
        if (source != null) {
            source.close();
            following = null;
        }
    }
}

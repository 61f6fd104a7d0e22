package dev.pointsman.cli.doctor;

import dev.pointsman.balancer.claim.ClaimBook;
import dev.pointsman.balancer.claim.ClaimConflict;
import dev.pointsman.balancer.claim.ClaimConflict.Claimant;
import dev.pointsman.balancer.claim.ClaimOptions;
import dev.pointsman.balancer.claim.ClaimProblem;
import dev.pointsman.balancer.claim.Claims;
import dev.pointsman.balancer.claim.ProtectedRoutes;
import dev.pointsman.balancer.claim.TagFence;
import dev.pointsman.balancer.config.Announcements;
import dev.pointsman.balancer.config.BalancerConfig;
import dev.pointsman.cli.doctor.RegisteredServices.CatalogRead;
import dev.pointsman.registry.Instance;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The tags by which instances announce routes, read as the balancer reads them. Sources: fabio's tags without a slash, which it takes for a
 * host (peers.md, "tags without leading slash"); traefik #8256 (two instances whose tags differ); a tag of fabio's where nobody reads those.
 */
final class TagsCheckup implements Checkup {
    private static final String OURS = "pointsman.route";

    private final RegisteredServices services;
    private final BalancerConfig config;
    private final InstantSource clock;

    TagsCheckup(RegisteredServices services, BalancerConfig config, InstantSource clock) {
        this.services = services;
        this.config = config;
        this.clock = clock;
    }

    @Override
    public List<Finding> findings() throws InterruptedException {
        CatalogRead read = services.read();
        List<Instance> instances = read.instances().stream()
                .filter(each -> each.port() > 0 && each.port() < 65_536)
                .map(RegisteredInstance::asInstance)
                .toList();
        List<Finding> found = new ArrayList<>();
        // One finding for all instances of a service that announce the same.
        Map<String, Finding> slashless = new LinkedHashMap<>();
        Map<String, Finding> unread = new LinkedHashMap<>();
        for (Instance instance : instances) {
            for (String tag : instance.tags()) {
                if (isBareWord(tag)) {
                    slashless.putIfAbsent(instance.service() + tag, slashless(instance, tag));
                } else if (isUnread(tag)) {
                    unread.putIfAbsent(instance.service(), unread(instance, tag));
                }
            }
        }
        found.addAll(Checkup.firstOf(List.copyOf(slashless.values())));
        found.addAll(Checkup.firstOf(List.copyOf(unread.values())));
        Claims claims = claims(instances);
        found.addAll(Checkup.firstOf(problems(claims, slashless)));
        found.addAll(Checkup.firstOf(
                claims.conflicts().stream().map(TagsCheckup::conflict).toList()));
        long announced = claims.routes().size();
        if (found.isEmpty() && !instances.isEmpty()) {
            found.add(Finding.ok(
                    DoctorCheck.TAGS,
                    "the registry",
                    announced == 0
                            ? "no instance announces a route"
                            : announced + " routes are announced, all of them in order"));
        }
        return found;
    }

    private boolean isFabio(String tag) {
        return tag.strip().startsWith(config.announcements().fabioPrefix());
    }

    /** Whether it is for a host whose name looks like a path's without its slash. */
    private boolean isBareWord(String tag) {
        if (!isFabio(tag) || !config.announcements().fabio()) {
            return false;
        }
        String source = source(tag);
        return !source.isEmpty() && source.chars().noneMatch(c -> "/.:*".indexOf(c) >= 0) && !tag.contains("proto=tcp");
    }

    private String source(String tag) {
        return tag.strip()
                .substring(config.announcements().fabioPrefix().length())
                .split("\\s+", 2)[0];
    }

    private boolean isUnread(String tag) {
        Announcements from = config.announcements();
        return (!from.fabio() && isFabio(tag)) || (!from.tags() && tag.startsWith(OURS + "="));
    }

    private Finding slashless(Instance instance, String tag) {
        String prefix = config.announcements().fabioPrefix();
        String word = source(tag);
        return Finding.warning(
                DoctorCheck.TAGS,
                "service " + instance.service() + ", tag \"" + tag + "\"",
                "has no slash, so that it is for the host \"" + word + "\", whatever the path",
                "a request for the path /" + word + " does not get there by it",
                "write " + prefix + "/" + word + " for the path of any host, or " + prefix + word + "/ for the host");
    }

    private Finding unread(Instance instance, String tag) {
        boolean isFabio = isFabio(tag);
        return Finding.note(
                DoctorCheck.TAGS,
                "service " + instance.service() + ", tag \"" + tag + "\"",
                "is " + (isFabio ? "in fabio's language, and fabio-tags is" : "a route, and tag-routes is") + " not on",
                "no request gets there by it",
                isFabio
                        ? "set fabio-tags: true, if it is meant for this balancer"
                        : "set tag-routes: true, if it is meant");
    }

    private Claims claims(List<Instance> instances) {
        Announcements from = config.announcements();
        if (!from.readsTags()) {
            return Claims.NONE;
        }
        ClaimOptions options = new ClaimOptions(
                from.fabio(),
                from.fabioPrefix(),
                from.matcher(),
                "",
                new TagFence(from.allowHosts(), from.allowPrefixes()),
                new ProtectedRoutes(config.routes()),
                from.defaults(),
                from.fabioAuth(),
                from.tcpPorts());
        return new ClaimBook(clock).read(options, instances, List.of());
    }

    private static List<Finding> problems(Claims claims, Map<String, Finding> known) {
        Map<String, Finding> found = new LinkedHashMap<>();
        for (ClaimProblem each : claims.problems()) {
            if (!known.containsKey(each.service() + each.tag())) {
                found.putIfAbsent(
                        each.ofService(),
                        Finding.warning(
                                DoctorCheck.TAGS,
                                subject(each),
                                "has no effect, or not all that it asks for: " + each.problem(),
                                "requests do not go where its author expects",
                                "correct the tag where the service registers"));
            }
        }
        for (List<ClaimProblem> kept : List.of(claims.fenced(), claims.overruled())) {
            for (ClaimProblem each : kept) {
                found.putIfAbsent(
                        each.ofService(),
                        Finding.note(
                                DoctorCheck.TAGS,
                                subject(each),
                                "is not admitted: " + each.problem(),
                                "no request gets there by it",
                                "name it in allow-hosts or allow-prefixes of tag-routes, if it is meant"));
            }
        }
        return List.copyOf(found.values());
    }

    private static String subject(ClaimProblem problem) {
        return "service " + problem.service() + ", tag \"" + problem.tag() + "\"";
    }

    private static Finding conflict(ClaimConflict conflict) {
        return Finding.warning(
                DoctorCheck.TAG_CONFLICTS,
                conflict.key(),
                "is announced by several services: "
                        + conflict.claimants().stream().map(Claimant::service).collect(Collectors.joining(", ")),
                "their instances share its requests",
                "if that is not meant, give one of them another route");
    }
}

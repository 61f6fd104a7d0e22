package dev.pointsman.balancer.claim;

import dev.pointsman.balancer.fabio.BadCommandException;
import dev.pointsman.balancer.fabio.FabioCommand;
import dev.pointsman.balancer.fabio.FabioCommand.Add;
import dev.pointsman.balancer.fabio.FabioDestination;
import dev.pointsman.balancer.fabio.FabioDocument;
import dev.pointsman.balancer.fabio.FabioOptions;
import dev.pointsman.balancer.fabio.FabioSource;
import dev.pointsman.balancer.fabio.FabioTable;
import dev.pointsman.balancer.fabio.FabioTag;
import dev.pointsman.balancer.fabio.FabioWeights;
import dev.pointsman.balancer.route.ClaimTarget;
import dev.pointsman.balancer.route.RouteKey;
import dev.pointsman.balancer.route.RouteOptions;
import dev.pointsman.balancer.route.RouteOrigin.RouteSource;
import dev.pointsman.registry.Health;
import dev.pointsman.registry.Instance;
import dev.pointsman.registry.InstanceKey;
import dev.pointsman.registry.Weights;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The reader of announcements in fabio's language, and of its documents, whose commands act on them. */
final class FabioClaims {
    /** The node of destinations that no instance announces. */
    private static final String KV_NODE = "kv";

    private static final Set<String> SERVED_SCHEMES = Set.of("http", "https", "grpc", "grpcs");

    private final ClaimOptions options;
    private final ClaimTable table;
    private final FabioTag tags;
    private final List<String> documentProblems = new ArrayList<>();

    /**
     * A command, and the tag that it was.
     *
     * @param text the command as it would be written
     */
    private record TagCommand(String text, Add add, Instance instance, String tag) {}

    FabioClaims(ClaimOptions options, ClaimTable table) {
        this.options = options;
        this.table = table;
        this.tags = new FabioTag(options.fabioPrefix(), options.datacenter());
    }

    /** A sentence for each command of a document that has no effect. */
    List<String> documentProblems() {
        return documentProblems;
    }

    void read(Collection<Instance> instances, List<FabioDocument> documents) {
        FabioTable commanded = new FabioTable();
        commands(instances).forEach(each -> commanded.add(each.add(), each.instance(), each.tag()));
        documents.forEach(document -> commanded.apply(served(document)));
        documentProblems.addAll(commanded.problems());
        commanded.routes().forEach(this::route);
    }

    /** In fabio's order: of two announcements for one destination the first counts. */
    private List<TagCommand> commands(Collection<Instance> instances) {
        List<TagCommand> commands = new ArrayList<>();
        for (Instance instance : instances) {
            for (String tag : instance.tags()) {
                TagCommand command = tags.isOne(tag) ? command(instance, tag.strip()) : null;
                if (command != null) {
                    commands.add(command);
                }
            }
        }
        commands.sort(Comparator.comparing(TagCommand::text).reversed());
        return commands;
    }

    private @Nullable TagCommand command(Instance instance, String tag) {
        Consumer<String> problems = problem -> table.problem(instance, tag, problem);
        try {
            Add add = tags.read(instance, tag, problems);
            String unserved = unserved(add);
            if (unserved != null) {
                problems.accept(unserved);
                return null;
            }
            boolean admitted = table.admits(
                    key(FabioSource.of(add.source()), new FabioDestination(add, 0, null, "").isTcp()), instance, tag);
            return admitted ? new TagCommand(add.toString(), add, instance, tag) : null;
        } catch (BadCommandException bad) {
            problems.accept(bad.getMessage());
            return null;
        }
    }

    private FabioDocument served(FabioDocument document) {
        List<FabioCommand> served = new ArrayList<>();
        for (FabioCommand command : document.commands()) {
            String unserved = command instanceof Add add ? unserved(add) : null;
            if (unserved == null) {
                served.add(command);
            } else {
                documentProblems.add(document.name() + ": " + command + ": " + unserved);
            }
        }
        return new FabioDocument(document.name(), served);
    }

    private @Nullable String unserved(Add add) {
        FabioDestination destination = new FabioDestination(add, 0, null, "");
        FabioSource source = FabioSource.of(add.source());
        if (destination.isTcp()) {
            return unservedTcp(source, FabioOptions.of(add, ignored -> {}));
        }
        if (source.isTcp()) {
            return "\"" + add.source() + "\" is for TCP (expected: proto=tcp behind it)";
        }
        String scheme = destination.scheme();
        boolean isServed = SERVED_SCHEMES.contains(scheme)
                || FabioOptions.of(add, ignored -> {}).redirects();
        return isServed
                ? null
                : scheme + " to instances is not served yet (expected: proto=http, https, grpc or grpcs)";
    }

    private @Nullable String unservedTcp(FabioSource source, FabioOptions own) {
        RouteKey key = source.tcpKey();
        if (key == null) {
            return "\"" + source
                    + "\" with proto=tcp (expected: a port such as :5432, or a name such as db.example.com/"
                    + " for TLS that is passed through)";
        }
        if (!own.auth().isEmpty() || own.redirects()) {
            return "auth and redirect are HTTP's (expected: neither beside proto=tcp)";
        }
        if (!options.tcpPorts().admits(key)) {
            return "no port is open for \"" + source + "\" (expected: in the configuration tcp with "
                    + (source.isTcp() ? "listen: \"" + source + "\"" : "tls-passthrough") + " and without to:)";
        }
        return null;
    }

    private RouteKey key(FabioSource source, boolean isTcp) {
        RouteKey ofTcp = isTcp ? source.tcpKey() : null;
        return ofTcp == null ? source.key(options.fabioMatcher()) : ofTcp;
    }

    /** A host may be for requests and for connections, which are two routes. */
    private void route(FabioSource source, List<FabioDestination> destinations) {
        for (boolean isTcp : List.of(false, true)) {
            List<FabioDestination> some =
                    destinations.stream().filter(each -> each.isTcp() == isTcp).toList();
            if (!some.isEmpty()) {
                route(source, key(source, isTcp), some);
            }
        }
    }

    private void route(FabioSource source, RouteKey key, List<FabioDestination> destinations) {
        ClaimedRoute claimed = table.route(key);
        List<FabioDestination> served = new ArrayList<>();
        for (FabioDestination each : destinations) {
            claimed.announcedBy(each.command().service(), each.instance() == null ? RouteSource.KV : RouteSource.TAGS);
            FabioOptions own = FabioOptions.of(each.command(), problem -> problem(each, problem));
            if (!own.auth().isEmpty() && !options.fabioAuth().containsKey(own.auth())) {
                problem(each, unknownUsers(own.auth()));
            }
            if (own.redirects()) {
                claimed.redirect(routeOptions(own), () -> problem(each, ClaimedRoute.IGNORED_REDIRECT));
            } else {
                served.add(each);
            }
        }
        int[] slots = slots(served);
        for (int i = 0; i < slots.length; i++) {
            FabioDestination each = served.get(i);
            FabioOptions own = FabioOptions.of(each.command(), ignored -> {});
            String variant = own.toString();
            ClaimTarget target = new ClaimTarget(options.fabioPrefix()
                    + source
                    + (key.isTcp() ? " tcp" : "")
                    + (variant.isEmpty() ? "" : " " + variant));
            claimed.addPart(target, routeOptions(own), instance(each), slots[i]);
        }
    }

    private String unknownUsers(String name) {
        String known = String.join(", ", new TreeSet<>(options.fabioAuth().keySet()));
        return "\"auth=" + name
                + "\": there are no such users, so that nobody is let in (expected: a name in fabio-auth, "
                + (known.isEmpty() ? "which has none" : "which has " + known) + ")";
    }

    private RouteOptions routeOptions(FabioOptions own) {
        return own.of(options.defaults().plain(), options.fabioAuth());
    }

    private void problem(FabioDestination destination, String problem) {
        Instance instance = destination.instance();
        if (instance == null) {
            documentProblems.add(destination.where() + ": " + destination.command() + ": " + problem);
        } else {
            table.problem(instance, destination.where(), problem);
        }
    }

    /** The shares among those that take traffic; one that does not gets one in proportion, until it does. */
    private static int[] slots(List<FabioDestination> destinations) {
        boolean noneLive = destinations.stream().noneMatch(FabioDestination::isLive);
        double[] weights = destinations.stream()
                .filter(each -> noneLive || each.isLive())
                .mapToDouble(FabioDestination::weight)
                .toArray();
        int[] ofLive = FabioWeights.slots(weights);
        int[] slots = new int[destinations.size()];
        int next = 0;
        for (int i = 0; i < slots.length; i++) {
            slots[i] = noneLive || destinations.get(i).isLive() ? ofLive[next++] : 1;
        }
        return slots;
    }

    private static Instance instance(FabioDestination destination) {
        Instance own = destination.instance();
        if (own != null) {
            return own;
        }
        return new Instance(
                new InstanceKey(KV_NODE, destination.command().destination()),
                destination.command().service(),
                destination.host(),
                destination.port(),
                destination.command().tags(),
                Map.of(),
                Weights.DEFAULT,
                Health.PASSING,
                "");
    }
}

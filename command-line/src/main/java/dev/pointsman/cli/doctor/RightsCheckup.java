package dev.pointsman.cli.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pointsman.balancer.config.Announcements;
import dev.pointsman.balancer.config.BalancerConfig;
import dev.pointsman.cli.doctor.HttpQuestions.HttpReply;
import dev.pointsman.cli.doctor.RegisteredServices.CatalogRead;
import dev.pointsman.launcher.drain.RegisteredBalancer;
import dev.pointsman.registry.OneLine;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whether the ACL token is known, and may do what a balancer does; what lacks is said in HCL. Sources: docs/registry-trouble.md (a token
 * without rights gets an empty list and no word about it, so that a registry that hides everything looks like one that has nothing);
 * {@code /v1/internal/acl/authorize} says what a token may do without doing it.
 */
final class RightsCheckup implements Checkup {
    private static final int MOST_TARGETS = 50;
    private static final Duration SOON = Duration.ofDays(7);

    private final ConsulQuestions consul;
    private final RegisteredServices services;
    private final @Nullable BalancerConfig config;
    private final Set<String> targets;
    private final InstantSource clock;

    /**
     * A look at the token.
     *
     * @param targets what the configuration's routes lead to: tags and services' names
     */
    RightsCheckup(
            ConsulQuestions consul,
            RegisteredServices services,
            @Nullable BalancerConfig config,
            Set<String> targets,
            InstantSource clock) {
        this.consul = consul;
        this.services = services;
        this.config = config;
        this.targets = new TreeSet<>(targets);
        this.clock = clock;
    }

    /**
     * A right that a balancer uses.
     *
     * @param resource {@code service}, {@code node}, {@code agent} or {@code key}
     * @param access {@code read} or {@code write}
     * @param segment the name, or what it begins with
     * @param isPrefix whether the rule in HCL is one for all that begins with the segment
     * @param what it is used for, as a sentence's end
     * @param isNeeded whether nothing goes without it
     */
    private record UsedRight(
            String resource, String access, String segment, boolean isPrefix, String what, boolean isNeeded) {
        JsonObject question() {
            return new JsonObject()
                    .put("Resource", resource)
                    .put("Access", access)
                    .put("Segment", segment);
        }

        String hcl() {
            return resource + (isPrefix ? "_prefix" : "") + " \""
                    + segment.replace("\\", "\\\\").replace("\"", "\\\"") + "\" { policy = \"" + access + "\" }";
        }
    }

    @Override
    public List<Finding> findings() throws InterruptedException {
        if (!consul.isReached()) {
            return List.of();
        }
        List<Finding> found = new ArrayList<>();
        try {
            HttpReply self = consul.get("/v1/acl/token/self?", ConsulQuestions.PATIENCE);
            boolean isOff = self.status() == 401 || self.status() == 404;
            if (isOff) {
                found.add(
                        Finding.ok(DoctorCheck.CONSUL_RIGHTS, where(), "has no access control: everything is allowed"));
            } else if (self.status() == 200) {
                found.addAll(token(ConsulQuestions.json(self)));
                found.addAll(rights());
            } else if (consul.address().token() != null) {
                found.add(unknownToken(self));
            } else {
                found.addAll(rights());
            }
        } catch (IOException failed) {
            found.add(unanswered(String.valueOf(failed.getMessage())));
        }
        return found;
    }

    private String where() {
        return consul.address().url();
    }

    private Finding unknownToken(HttpReply reply) {
        return Finding.error(
                DoctorCheck.CONSUL_TOKEN,
                where(),
                "does not know the ACL token: " + OneLine.of(reply.body().strip(), 100),
                "everything that is asked with it is refused",
                "set CONSUL_HTTP_TOKEN or CONSUL_HTTP_TOKEN_FILE to the SecretID of a token of this datacenter, not to"
                        + " its AccessorID");
    }

    private List<Finding> token(JsonNode token) {
        List<String> policies = new ArrayList<>();
        token.path("Policies")
                .forEach(policy -> policies.add(policy.path("Name").asText()));
        List<Finding> found = new ArrayList<>();
        found.add(Finding.ok(
                DoctorCheck.CONSUL_TOKEN,
                where(),
                "knows the token"
                        + (policies.isEmpty()
                                ? ", which has no policy of its own"
                                : " with " + String.join(", ", policies))));
        String expires = token.path("ExpirationTime").asText("");
        try {
            Instant end = expires.isEmpty() ? null : Instant.parse(expires);
            if (end != null && end.isBefore(clock.instant().plus(SOON))) {
                found.add(Finding.warning(
                        DoctorCheck.CONSUL_TOKEN,
                        where(),
                        "the token expires at " + end,
                        "from then on the balancer goes on with what it knows, and sees no change",
                        "make a new one, and start the balancer with it before"));
            }
        } catch (DateTimeParseException unreadable) {
            found.add(Finding.note(
                    DoctorCheck.CONSUL_TOKEN,
                    where(),
                    "the token expires at \"" + expires + "\"",
                    "from then on everything is refused",
                    "have a new one by then"));
        }
        return found;
    }

    private List<UsedRight> used() throws InterruptedException {
        List<UsedRight> used = new ArrayList<>();
        used.add(
                new UsedRight("node", "read", "", true, "instances of a node that it may not read are left out", true));
        CatalogRead read = services.read();
        used.add(new UsedRight(
                "service",
                "read",
                "",
                true,
                "services that it may not read have no instance, and announce no route",
                targets.isEmpty()));
        targets.stream()
                .filter(target -> !read.targets().contains(target))
                .limit(MOST_TARGETS)
                .forEach(target -> used.add(
                        new UsedRight("service", "read", target, false, "its routes lead nowhere (503)", true)));
        used.add(new UsedRight(
                "agent", "read", "", true, "the datacenter of a tag's $DC is guessed by what is nearest", false));
        BalancerConfig all = config;
        if (all == null) {
            return used;
        }
        if (all.register()) {
            used.add(new UsedRight(
                    "service",
                    "write",
                    RegisteredBalancer.SERVICE,
                    false,
                    "the balancer cannot register, so that launchers and other balancers do not find it",
                    true));
        }
        used.addAll(ofKeys(all.announcements()));
        return used;
    }

    private static List<UsedRight> ofKeys(Announcements from) {
        List<UsedRight> used = new ArrayList<>();
        if (from.kv() != null) {
            used.add(new UsedRight("key", "read", from.kv(), true, "routes in Consul's KV are not read", true));
        }
        if (from.fabio()) {
            used.add(new UsedRight(
                    "key", "read", from.fabioKv(), true, "fabio's commands in Consul's KV are not read", true));
        }
        if (from.canaryKv() != null) {
            String prefix = from.canaryKv() + "/";
            used.add(new UsedRight("key", "read", prefix, true, "balancers do not agree on canaries", true));
            used.add(new UsedRight("key", "write", prefix, true, "balancers do not agree on canaries", true));
        }
        return used;
    }

    private List<Finding> rights() throws IOException, InterruptedException {
        List<UsedRight> used = used();
        JsonArray questions = new JsonArray();
        used.forEach(right -> questions.add(right.question()));
        HttpReply reply = consul.post("/v1/internal/acl/authorize?", questions.encode());
        JsonNode answers = ConsulQuestions.json(reply);
        if (!answers.isArray() || answers.size() != used.size()) {
            return List.of(unanswered("status " + reply.status()));
        }
        List<UsedRight> missing = new ArrayList<>();
        for (int i = 0; i < used.size(); i++) {
            if (!answers.path(i).path("Allow").asBoolean()) {
                missing.add(used.get(i));
            }
        }
        if (missing.isEmpty()) {
            return List.of(Finding.ok(
                    DoctorCheck.CONSUL_RIGHTS,
                    where(),
                    subject() + " may do all that a balancer does (" + used.size() + " rights)"));
        }
        List<Finding> found = new ArrayList<>();
        missing.forEach(right -> found.add(lacks(right)));
        List<Finding> shown = new ArrayList<>(Checkup.firstOf(found));
        if (missing.size() > 1) {
            shown.add(wholePolicy(missing));
        }
        return shown;
    }

    /** What lacks as one document: a rule that another one includes would only be in its way. */
    private Finding wholePolicy(List<UsedRight> missing) {
        String rules = missing.stream()
                .filter(right -> missing.stream().noneMatch(other -> !other.equals(right) && covers(other, right)))
                .map(UsedRight::hcl)
                .distinct()
                .collect(Collectors.joining(" "));
        return Finding.note(
                DoctorCheck.CONSUL_RIGHTS,
                where(),
                "what lacks, as one policy: " + rules,
                "a balancer uses all of it",
                "consul acl policy create -name pointsman -rules -, with these rules on its standard input; then consul acl"
                        + " token create -policy-name pointsman");
    }

    private static boolean covers(UsedRight wider, UsedRight right) {
        boolean isWider = wider.access().equals(right.access())
                ? wider.isPrefix() && !(right.isPrefix() && right.segment().equals(wider.segment()))
                : wider.access().equals("write");
        return isWider
                && wider.resource().equals(right.resource())
                && (wider.isPrefix()
                        ? right.segment().startsWith(wider.segment())
                        : !right.isPrefix() && right.segment().equals(wider.segment()));
    }

    private String subject() {
        return consul.address().token() == null ? "whoever shows no token" : "the token";
    }

    private Finding lacks(UsedRight right) {
        String what = subject() + " lacks " + right.hcl();
        String todo = (consul.address().token() == null
                        ? "give the balancer a token (CONSUL_HTTP_TOKEN) whose policy has "
                        : "add to the token's policy: ")
                + right.hcl();
        return right.isNeeded()
                ? Finding.error(DoctorCheck.CONSUL_RIGHTS, where(), what, right.what(), todo)
                : Finding.note(DoctorCheck.CONSUL_RIGHTS, where(), what, right.what(), todo);
    }

    private Finding unanswered(String why) {
        return Finding.note(
                DoctorCheck.CONSUL_RIGHTS,
                where(),
                "does not say what the token may do: " + why,
                "a token that lacks a right sees an empty list, and no word about it",
                "see that its policies have: node_prefix \"\" { policy = \"read\" } service_prefix \"\" { policy = \"read\" }"
                        + " service \"pointsman-balancer\" { policy = \"write\" }");
    }
}

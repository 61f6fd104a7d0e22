package dev.pointsman.cli.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pointsman.cli.doctor.HttpQuestions.HttpReply;
import dev.pointsman.registry.consul.ConsulAddress;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether Consul's agent can be reached, knows a leader, has the same time, and lets enough connections in. Sources: hashicorp/consul #7527
 * and #8221 (200 connections for each client by default; beyond, everything from that address fails), docs/registry-trouble.md for the rest.
 */
final class ConsulAgentCheckup implements Checkup {
    /** The balancer's own, and as much again for services and the command line. */
    private static final int FEW_CONNECTIONS = 150;

    private static final Duration SKEW = Duration.ofSeconds(5);

    private final ConsulQuestions consul;
    private final InstantSource clock;
    private final boolean comesAlong;

    /** @param comesAlong whether a balancer brings this registry along, so that it is there as long as the balancer */
    ConsulAgentCheckup(ConsulQuestions consul, InstantSource clock, boolean comesAlong) {
        this.consul = consul;
        this.clock = clock;
        this.comesAlong = comesAlong;
    }

    @Override
    public List<Finding> findings() throws InterruptedException {
        String where = consul.address().url();
        String unreachable = consul.unreachable();
        if (unreachable != null) {
            return List.of(unreachable(unreachable));
        }
        List<Finding> found = new ArrayList<>();
        try {
            HttpReply leader = consul.get("/v1/status/leader?", ConsulQuestions.PATIENCE);
            found.add(agent(leader));
            if (leader.status() == 200) {
                found.add(leader(leader));
                Finding skew = skew(leader.field("date"), clock.instant());
                if (skew != null) {
                    found.add(skew);
                }
            }
        } catch (IOException failed) {
            found.add(unreachable(failed.getMessage()));
        }
        found.addAll(limits(where));
        ConsulAddress address = consul.address();
        if (address.token() != null && !address.tls() && !address.isLoopback()) {
            found.add(Finding.warning(
                    DoctorCheck.CONSUL_TOKEN,
                    where,
                    "the ACL token is sent in clear text to another machine",
                    "whoever sees the traffic can use it",
                    "speak to an agent on this machine, or use https:// (CONSUL_HTTP_SSL=true)"));
        }
        return found;
    }

    private Finding unreachable(@Nullable String why) {
        if (comesAlong) {
            return Finding.note(
                    DoctorCheck.CONSUL_AGENT,
                    consul.address().url(),
                    "does not respond: " + why,
                    "with dev: true it runs in the balancer, so it comes and goes with that",
                    "start the balancer, and look again");
        }
        return Finding.error(
                DoctorCheck.CONSUL_AGENT,
                consul.address().url(),
                "does not respond: " + why,
                "a balancer knows no instance without a registry, or those of its view-file alone",
                "start a Consul agent there, or name another one by --consul, consul: in the file or CONSUL_HTTP_ADDR;"
                        + " for a try on one machine, pointsman balancer --dev needs none");
    }

    private Finding agent(HttpReply leader) throws InterruptedException {
        String where = consul.address().url();
        if (leader.status() != 200 || !leader.body().strip().startsWith("\"")) {
            return Finding.error(
                    DoctorCheck.CONSUL_AGENT,
                    where,
                    "responds with status " + leader.status() + " and not as Consul does",
                    "a balancer cannot follow instances there",
                    "see what listens at that address; Consul's HTTP API is on port 8500 by default");
        }
        JsonNode self = consul.json("/v1/agent/self?");
        String version = self.path("Config").path("Version").asText("");
        return Finding.ok(
                DoctorCheck.CONSUL_AGENT,
                where,
                "responds in " + leader.took().toMillis() + " ms"
                        + (version.isEmpty() ? "; its version is not told to this token" : ", version " + version));
    }

    private Finding leader(HttpReply leader) {
        String address = leader.body().strip().replace("\"", "");
        return address.isEmpty()
                ? Finding.error(
                        DoctorCheck.CONSUL_LEADER,
                        consul.address().url(),
                        "knows no leader",
                        "registrations do not reach the catalog, and what it lists may be old",
                        "see to the Consul servers: a majority of them has to run and reach each other")
                : Finding.ok(DoctorCheck.CONSUL_LEADER, consul.address().url(), "the leader is " + address);
    }

    private @Nullable Finding skew(@Nullable String date, Instant now) {
        if (date == null) {
            return null;
        }
        try {
            Instant theirs = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            // The field has whole seconds.
            Duration skew = Duration.between(theirs, now).abs();
            return skew.compareTo(SKEW) <= 0
                    ? Finding.ok(DoctorCheck.CONSUL_CLOCK, consul.address().url(), "has the same time as this machine")
                    : Finding.warning(
                            DoctorCheck.CONSUL_CLOCK,
                            consul.address().url(),
                            "its clock is " + skew.toSeconds() + " s " + (theirs.isBefore(now) ? "behind" : "ahead of")
                                    + " this machine's",
                            "logs and changes of both cannot be put in order, and certificates and tokens expire at"
                                    + " the wrong time",
                            "have both machines set their clocks by NTP (timedatectl)");
        } catch (DateTimeException unreadable) {
            return null;
        }
    }

    private List<Finding> limits(String where) throws InterruptedException {
        if (consul.limited() > 0) {
            return List.of(Finding.warning(
                    DoctorCheck.CONSUL_LIMITS,
                    where,
                    "responds 429, too many requests or connections from this address",
                    "changes of instances are seen late or not at all",
                    "raise limits.http_max_conns_per_client (or request_limits), or have fewer programs of this machine"
                            + " ask this agent"));
        }
        long most = consul.json("/v1/agent/self?")
                .path("DebugConfig")
                .path("HTTPMaxConnsPerClient")
                .asLong(0);
        return most > 0 && most < FEW_CONNECTIONS
                ? List.of(Finding.warning(
                        DoctorCheck.CONSUL_LIMITS,
                        where,
                        "allows " + most + " connections from one address",
                        "a balancer has up to 100, and beyond the limit everything from this machine is cut off",
                        "set limits.http_max_conns_per_client to 200, Consul's default, or more"))
                : List.of(Finding.ok(DoctorCheck.CONSUL_LIMITS, where, "did not limit what was asked here"));
    }
}

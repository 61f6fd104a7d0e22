package dev.pointsman.cli.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pointsman.agent.RegistrationFormat;
import dev.pointsman.registry.Health;
import dev.pointsman.registry.Instance;
import dev.pointsman.registry.InstanceKey;
import dev.pointsman.registry.Weights;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An instance as it is registered, with all that may be wrong with it. Immutable.
 *
 * @param nodeAddress of the machine of its agent
 * @param ownAddress as the service gave it; empty if it gave none
 * @param port 0 where there is none
 * @param checks those of the service, not those of the node
 */
record RegisteredInstance(
        InstanceKey key,
        String service,
        String nodeAddress,
        String ownAddress,
        int port,
        List<String> tags,
        Map<String, String> meta,
        List<RegisteredCheck> checks) {
    private static final String PASSING = "passing";
    private static final String CRITICAL = "critical";
    private static final String MAINTENANCE = "_service_maintenance:";

    /**
     * A check of it.
     *
     * @param status {@code passing}, {@code warning} or {@code critical}
     */
    record RegisteredCheck(String id, String name, String status, String output) {
        boolean isMaintenance() {
            return id.startsWith(MAINTENANCE);
        }
    }

    RegisteredInstance {
        tags = List.copyOf(tags);
        meta = Map.copyOf(meta);
        checks = List.copyOf(checks);
    }

    /**
     * Reads one element of {@code /v1/health/service}; what is missing is empty.
     *
     * @param ofAgent what {@code /v1/agent/checks} has: the catalog gets the output of a check whose status stays as it is minutes
     *     later only
     */
    static RegisteredInstance of(JsonNode entry, JsonNode ofAgent) {
        JsonNode service = entry.path("Service");
        JsonNode node = entry.path("Node");
        List<String> tags = new ArrayList<>();
        service.path("Tags").forEach(tag -> tags.add(tag.asText()));
        Map<String, String> meta = new HashMap<>();
        service.path("Meta")
                .properties()
                .forEach(each -> meta.put(each.getKey(), each.getValue().asText()));
        List<RegisteredCheck> checks = new ArrayList<>();
        for (JsonNode check : entry.path("Checks")) {
            if (!check.path("ServiceID").asText().isEmpty()) {
                checks.add(new RegisteredCheck(
                        check.path("CheckID").asText(),
                        check.path("Name").asText(),
                        check.path("Status").asText(),
                        output(check, ofAgent)));
            }
        }
        return new RegisteredInstance(
                new InstanceKey(node.path("Node").asText(), service.path("ID").asText()),
                service.path("Service").asText(),
                node.path("Address").asText(),
                service.path("Address").asText(),
                service.path("Port").asInt(0),
                tags,
                meta,
                checks);
    }

    private static String output(JsonNode check, JsonNode ofAgent) {
        JsonNode newer = ofAgent.path(check.path("CheckID").asText());
        boolean isSame =
                newer.path("Node").asText("?").equals(check.path("Node").asText());
        return (isSame ? newer : check).path("Output").asText();
    }

    /** Where clients connect to: as Consul's own DNS has it. */
    String address() {
        return ownAddress.isEmpty() ? nodeAddress : ownAddress;
    }

    /** Address and port as in a URL. */
    String authority() {
        return RegistrationFormat.authority(address(), port);
    }

    /** How it is called in findings. */
    String name() {
        return service + " " + key.node() + "/" + key.id() + " (" + authority() + ")";
    }

    boolean isPassing() {
        return checks.stream().allMatch(check -> check.status().equals(PASSING));
    }

    boolean isInMaintenance() {
        return checks.stream().anyMatch(RegisteredCheck::isMaintenance);
    }

    /** The checks that are critical, maintenance aside. */
    List<RegisteredCheck> critical() {
        return checks.stream()
                .filter(check -> check.status().equals(CRITICAL) && !check.isMaintenance())
                .toList();
    }

    /** Whether a route to a tag or a service's name leads here. */
    boolean carries(String target) {
        return service.equals(target) || tags.contains(target);
    }

    /** As the balancer sees it; only where there is a port. */
    Instance asInstance() {
        return new Instance(key, service, address(), port, tags, meta, Weights.DEFAULT, Health.PASSING, "");
    }

    /** Whether an address is of the machine that connects to it. Names other than localhost are looked up nowhere. */
    static boolean isLoopback(String address) {
        InetAddress literal = NetUtil.createInetAddressFromIpAddressString(address);
        return literal == null ? address.equalsIgnoreCase("localhost") : literal.isLoopbackAddress();
    }
}

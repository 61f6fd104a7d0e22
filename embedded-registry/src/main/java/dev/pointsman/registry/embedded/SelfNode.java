package dev.pointsman.registry.embedded;

import dev.pointsman.registry.Weights;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The registry's own entries in the catalog: its node, the service {@code consul} and the check of its agent. */
final class SelfNode {
    /** The service that stands for the registry itself, as in Consul. */
    static final String SERVICE = "consul";

    /** Consul's port for its servers among themselves. Nothing listens there; clients only print it. */
    static final int SERVER_PORT = 8300;

    /**
     * The release of Consul whose API this is, compared with it response by response. Clients parse it to
     * find out what a server can do, so it names no newer release than what is really there.
     */
    static final String VERSION = "1.8.7";

    /** Stands where Consul has the commit that it was built from, so that the two cannot be confused. */
    static final String REVISION = "pointsman";

    private SelfNode() {}

    static Node node(String name, String address) {
        Map<String, String> addresses = address.indexOf(':') >= 0
                ? Map.of("lan", address, "lan_ipv6", address, "wan", address, "wan_ipv6", address)
                : Map.of("lan", address, "lan_ipv4", address, "wan", address, "wan_ipv4", address);
        return new Node(id(name), name, address, addresses, Map.of("consul-network-segment", ""), 0, 0);
    }

    /** The same name has the same id in every run, so that a restart is not a new node. */
    private static String id(String name) {
        return UUID.nameUUIDFromBytes(("pointsman " + name).getBytes(StandardCharsets.UTF_8))
                .toString();
    }

    static Service service() {
        return new Service(
                SERVICE,
                SERVICE,
                List.of(),
                "",
                SERVER_PORT,
                Map.of("version", VERSION, "revision", REVISION),
                Map.of(),
                Weights.DEFAULT,
                false,
                false,
                0,
                0);
    }

    static Check alive() {
        return new Check(
                Catalog.SERF_HEALTH,
                "Serf Health Status",
                CheckStatus.PASSING,
                "",
                "Agent alive and reachable",
                "",
                "",
                List.of(),
                "",
                0,
                0);
    }
}

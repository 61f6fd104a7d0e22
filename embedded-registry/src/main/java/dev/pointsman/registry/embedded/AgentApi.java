package dev.pointsman.registry.embedded;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** The paths under {@code /v1/status} and the rest of {@code /v1/agent}: the agent itself, its node and its cluster of one. */
final class AgentApi {
    private final LocalAgent agent;
    private final Catalog catalog;
    private final Checks checks;
    private final String datacenter;

    AgentApi(LocalAgent agent, Catalog catalog, Checks checks, String datacenter) {
        this.agent = agent;
        this.catalog = catalog;
        this.checks = checks;
        this.datacenter = datacenter;
    }

    void addTo(Router router) {
        router.get("/v1/status/leader", call -> status(call, leader()))
                .get("/v1/status/peers", call -> status(call, new JsonArray().add(leader())))
                .get("/v1/agent/self", call -> call.json(self()))
                .get("/v1/agent/members", call -> call.json(new JsonArray().add(member())))
                .get(
                        "/v1/agent/version",
                        call -> call.json(new JsonObject()
                                .put("SHA", SelfNode.REVISION)
                                .put("BuildDate", "0001-01-01T00:00:00Z")
                                .put("HumanVersion", SelfNode.VERSION)
                                .put("FIPS", "")))
                .get("/v1/agent/metrics", call -> {
                    throw ApiException.of(501, "the embedded registry has no metrics");
                })
                .put("/v1/agent/maintenance", this::maintenance)
                .put("/v1/agent/reload", ApiCall::empty)
                .put("/v1/agent/leave", AgentApi::leave)
                .put("/v1/agent/force-leave/", call -> {
                    throw ApiException.of(500, "agent: No node found with name '" + call.rest() + "'");
                })
                .put("/v1/agent/join/", call -> {
                    throw ApiException.of(500, "the embedded registry is for one machine: it joins no other");
                });
    }

    private void status(ApiCall call, Object response) {
        String asked = call.query().get("dc");
        if (!asked.isEmpty() && !asked.equals(datacenter)) {
            throw ApiException.of(500, "No path to datacenter");
        }
        call.json(response);
    }

    private String leader() {
        String address = catalog.node().address();
        return (address.indexOf(':') >= 0 ? "[" + address + "]" : address) + ":" + SelfNode.SERVER_PORT;
    }

    /** Refused: the process that the registry runs in ends it, not one of its clients. */
    private static void leave(ApiCall call) {
        throw ApiException.of(500, "the embedded registry does not leave: stop the process that it runs in");
    }

    private void maintenance(ApiCall call) {
        agent.nodeMaintenance(call.query().enable(), call.query().get("reason"));
        call.empty();
    }

    private JsonObject self() {
        return new JsonObject()
                .put(
                        "Config",
                        new JsonObject()
                                .put("Datacenter", datacenter)
                                .put("NodeName", catalog.node().name())
                                .put("NodeID", catalog.node().id())
                                .put("Revision", SelfNode.REVISION)
                                .put("Server", true)
                                .put("Version", SelfNode.VERSION))
                .put("DebugConfig", new JsonObject())
                .put("Member", member())
                .put("Stats", stats())
                .put("Meta", ConsulJsonWriter.map(catalog.node().meta()));
    }

    private JsonObject member() {
        JsonObject tags = new JsonObject()
                .put("acls", "0")
                .put("build", SelfNode.VERSION + ":" + SelfNode.REVISION)
                .put("dc", datacenter)
                .put("ft_fs", "1")
                .put("id", catalog.node().id())
                .put("port", String.valueOf(SelfNode.SERVER_PORT))
                .put("raft_vsn", "3")
                .put("role", "consul")
                .put("segment", "")
                .put("vsn", "2")
                .put("vsn_max", "3")
                .put("vsn_min", "2")
                .put("wan_join_port", "8302");
        return new JsonObject()
                .put("Name", catalog.node().name())
                .put("Addr", catalog.node().address())
                .put("Port", 8301)
                .put("Tags", tags)
                .put("Status", 1)
                .put("ProtocolMin", 1)
                .put("ProtocolMax", 5)
                .put("ProtocolCur", 2)
                .put("DelegateMin", 2)
                .put("DelegateMax", 5)
                .put("DelegateCur", 4);
    }

    /** Maps of maps of strings: {@code consul info} prints them. */
    private JsonObject stats() {
        long ttls = checks.count(CheckDefinition.CheckKind.TTL);
        long monitors = checks.count(CheckDefinition.CheckKind.HTTP) + checks.count(CheckDefinition.CheckKind.TCP);
        return new JsonObject()
                .put(
                        "agent",
                        new JsonObject()
                                .put("check_monitors", String.valueOf(monitors))
                                .put("check_ttls", String.valueOf(ttls))
                                .put("checks", String.valueOf(agent.allChecks().size()))
                                .put("services", String.valueOf(agent.services().size())))
                .put(
                        "build",
                        new JsonObject()
                                .put("prerelease", "")
                                .put("revision", SelfNode.REVISION)
                                .put("version", SelfNode.VERSION))
                .put(
                        "consul",
                        new JsonObject()
                                .put("acl", "disabled")
                                .put("bootstrap", "false")
                                .put("known_datacenters", "1")
                                .put("leader", "true")
                                .put("leader_addr", leader())
                                .put("server", "true"))
                .put(
                        "runtime",
                        new JsonObject()
                                .put("arch", System.getProperty("os.arch", ""))
                                .put("os", "linux")
                                .put("version", "java " + Runtime.version()));
    }
}

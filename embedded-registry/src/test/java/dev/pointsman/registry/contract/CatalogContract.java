package dev.pointsman.registry.contract;

import static dev.pointsman.registry.contract.RegistryDriver.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pointsman.testkit.TestHttp.Reply;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read of the agent, the node and the catalog, in the shapes that clients insist on. */
interface CatalogContract {
    RegistryDriver registry();

    @Test
    default void health_has_every_field_that_strict_clients_need() {
        String web = registry().fresh("web");
        registry().registerWithTtl(web, "passing");

        JsonNode instance = registry().awaitInstance(web);

        assertThat(instance.fieldNames()).toIterable().contains("Node", "Service", "Checks");
        assertThat(instance.get("Node").fieldNames())
                .toIterable()
                .contains(
                        "ID", "Node", "Address", "Datacenter", "TaggedAddresses", "Meta", "CreateIndex", "ModifyIndex");
        // orbitz fails the whole list without both
        assertThat(instance.at("/Node/TaggedAddresses").fieldNames())
                .toIterable()
                .contains("lan", "wan");
        assertThat(instance.get("Service").fieldNames())
                .toIterable()
                .contains(
                        "ID",
                        "Service",
                        "Tags",
                        "Address",
                        "Meta",
                        "Port",
                        "Weights",
                        "EnableTagOverride",
                        "CreateIndex",
                        "ModifyIndex");
        assertThat(instance.at("/Service/Weights").fieldNames()).toIterable().contains("Passing", "Warning");
        assertThat(instance.get("Checks").findValuesAsText("CheckID"))
                .containsExactlyInAnyOrder("serfHealth", "service:" + web);
        assertThat(instance.get("Checks")).allSatisfy(check -> assertThat(check.fieldNames())
                .toIterable()
                .contains(
                        "Node",
                        "CheckID",
                        "Name",
                        "Status",
                        "Notes",
                        "Output",
                        "ServiceID",
                        "ServiceName",
                        "ServiceTags",
                        "Definition",
                        "CreateIndex",
                        "ModifyIndex"));
    }

    @Test
    default void a_service_in_the_catalog_has_every_field_that_strict_clients_need() {
        String web = registry().fresh("web");
        registry().register(json("{'Name':'%s','Port':80,'Address':'10.0.0.7','Tags':['a'],'Meta':{'k':'v'}}", web));
        registry().awaitInstance(web);

        JsonNode service = registry().read("/v1/catalog/service/" + web).get(0);

        assertThat(service.fieldNames())
                .toIterable()
                .contains(
                        "ID",
                        "Node",
                        "Address",
                        "Datacenter",
                        "TaggedAddresses",
                        "NodeMeta",
                        "ServiceID",
                        "ServiceName",
                        "ServiceTags",
                        "ServiceAddress",
                        "ServiceWeights",
                        "ServiceMeta",
                        "ServicePort",
                        "ServiceEnableTagOverride",
                        "CreateIndex",
                        "ModifyIndex");
        assertThat(service.get("ServiceAddress").asText()).isEqualTo("10.0.0.7");
        assertThat(service.get("ServicePort").asInt()).isEqualTo(80);
        assertThat(service.get("ServiceTags").toString()).isEqualTo("[\"a\"]");
        assertThat(service.at("/ServiceMeta/k").asText()).isEqualTo("v");
        assertThat(service.get("Node").asText()).isEqualTo(registry().nodeName());
    }

    @Test
    default void weights_are_kept() {
        String web = registry().fresh("web");
        registry().register(json("{'Name':'%s','Weights':{'Passing':5,'Warning':0}}", web));

        JsonNode weights = registry().awaitInstance(web).at("/Service/Weights");

        assertThat(weights.get("Passing").asInt()).isEqualTo(5);
        assertThat(weights.get("Warning").asInt()).isZero();
    }

    @Test
    default void the_list_of_services_unites_the_tags_of_their_instances() {
        String web = registry().fresh("web");
        registry().register(json("{'ID':'%s-1','Name':'%s','Tags':['a','b']}", web, web));
        registry().register(json("{'ID':'%s-2','Name':'%s','Tags':['b','c']}", web, web));
        registry().awaitHealth(web, list -> list.size() == 2);

        JsonNode services = registry().read("/v1/catalog/services");

        assertThat(services.get(web)).map(JsonNode::asText).containsExactlyInAnyOrder("a", "b", "c");
        assertThat(services.get("consul")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/health/service/", "/v1/health/checks/", "/v1/catalog/service/"})
    default void of_an_unknown_service_there_is_an_empty_list(String path) {
        Reply reply = registry().http().get(path + "unknown-service");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("Content-Type")).startsWith("application/json");
        assertThat(reply.body().strip()).isEqualTo("[]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/health/service/", "/v1/catalog/service/"})
    default void a_service_must_be_named(String path) {
        Reply reply = registry().http().get(path);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body()).contains("Missing service name");
    }

    @Test
    default void the_registry_leads_and_has_one_node_in_one_datacenter() {
        assertThat(registry().read("/v1/status/leader").asText()).contains(":");
        assertThat(registry().read("/v1/status/peers")).hasSize(1);
        assertThat(registry().read("/v1/catalog/datacenters").toString()).isEqualTo("[\"dc1\"]");
        JsonNode nodes = registry().read("/v1/catalog/nodes");
        assertThat(nodes).hasSize(1);
        assertThat(nodes.at("/0/Node").asText()).isEqualTo(registry().nodeName());
        assertThat(nodes.at("/0/TaggedAddresses/wan").asText()).isNotEmpty();
    }

    @Test
    default void a_node_is_listed_with_its_services_and_an_unknown_one_is_null() {
        String web = registry().fresh("web");
        registry().register(json("{'Name':'%s','Port':80}", web));
        registry().awaitInstance(web);

        JsonNode node = registry().read("/v1/catalog/node/" + registry().nodeName());

        assertThat(node.at("/Node/Node").asText()).isEqualTo(registry().nodeName());
        assertThat(node.at("/Services/" + web + "/Port").asInt()).isEqualTo(80);
        assertThat(registry().read("/v1/catalog/node/unknown").isNull()).isTrue();
    }

    @Test
    default void the_agent_says_who_it_is() {
        JsonNode self = registry().read("/v1/agent/self");

        assertThat(self.get("Config").fieldNames())
                .toIterable()
                .contains("Datacenter", "NodeName", "NodeID", "Revision", "Server", "Version");
        assertThat(self.at("/Member/Name").asText()).isEqualTo(registry().nodeName());
        for (String query : new String[] {"", "?segment=_all"}) {
            JsonNode members = registry().read("/v1/agent/members" + query);
            assertThat(members).hasSize(1);
            assertThat(members.at("/0/Status").asInt()).isEqualTo(1);
            assertThat(members.at("/0/Tags/role").asText()).isEqualTo("consul");
        }
    }

    @Test
    default void a_token_is_no_offence_where_none_is_needed() {
        Map<String, String> header = Map.of("X-Consul-Token", "whatever");
        Map<String, String> bearer = Map.of("Authorization", "Bearer whatever");

        assertThat(registry()
                        .http()
                        .send("GET", "/v1/catalog/services", null, header)
                        .status())
                .isEqualTo(200);
        assertThat(registry()
                        .http()
                        .send("GET", "/v1/catalog/services", null, bearer)
                        .status())
                .isEqualTo(200);
        assertThat(registry().http().get("/v1/catalog/services?token=whatever").status())
                .isEqualTo(200);
    }

    @Test
    default void an_unknown_path_is_404_and_an_unknown_parameter_nothing() {
        assertThat(registry().http().get("/v1/nothing-of-the-kind").status()).isEqualTo(404);
        assertThat(registry().http().get("/v1/catalog/services?unheard-of=1").status())
                .isEqualTo(200);
    }
}

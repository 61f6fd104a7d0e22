package dev.pointsman.registry.contract;

import static dev.pointsman.registry.contract.RegistryDriver.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pointsman.testkit.TestHttp.Reply;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** To register, to register again, to deregister. */
interface RegistrationContract {
    RegistryDriver registry();

    @Test
    default void a_registered_service_is_known_to_the_agent_the_catalog_and_health() {
        String web = registry().fresh("web");
        registry().register(json("{'ID':'%s-1','Name':'%s','Port':80,'Tags':['t'],'Meta':{'k':'v'}}", web, web));

        JsonNode service = registry().awaitInstance(web).get("Service");
        assertThat(service.get("ID").asText()).isEqualTo(web + "-1");
        assertThat(service.at("/Meta/k").asText()).isEqualTo("v");
        JsonNode agents = registry().read("/v1/agent/services").get(web + "-1");
        assertThat(agents.get("Service").asText()).isEqualTo(web);
        assertThat(agents.get("Port").asInt()).isEqualTo(80);
        assertThat(registry()
                        .read("/v1/agent/service/" + web + "-1")
                        .at("/Tags/0")
                        .asText())
                .isEqualTo("t");
        assertThat(registry().read("/v1/catalog/service/" + web)).hasSize(1);
        assertThat(registry().read("/v1/catalog/services").at("/" + web + "/0").asText())
                .isEqualTo("t");
    }

    @Test
    default void the_id_is_the_name_unless_given() {
        String web = registry().fresh("web");
        registry().register(json("{'Name':'%s'}", web));

        assertThat(registry().awaitInstance(web).at("/Service/ID").asText()).isEqualTo(web);
    }

    @Test
    default void registering_the_same_twice_changes_nothing() {
        String web = registry().fresh("web");
        String body = json("{'Name':'%s','Port':80,'Tags':['t'],'Check':{'TTL':'10m'}}", web);
        registry().register(body);
        JsonNode before = registry().awaitStatus(web, "service:" + web, "critical");

        registry().register(body);

        assertThat(registry().health(web)).isEqualTo(before);
    }

    @Test
    default void registering_an_id_again_with_other_facts_replaces_them() {
        String web = registry().fresh("web");
        registry().register(json("{'Name':'%s','Port':80,'Tags':['old']}", web));
        registry().awaitInstance(web);

        registry().register(json("{'Name':'%s','Port':81,'Tags':['new'],'Address':'10.1.2.3'}", web));

        JsonNode service = registry()
                .awaitHealth(web, list -> list.at("/0/Service/Port").asInt() == 81)
                .at("/0/Service");
        assertThat(service.get("Tags").toString()).isEqualTo("[\"new\"]");
        assertThat(service.get("Address").asText()).isEqualTo("10.1.2.3");
    }

    @Test
    default void registering_an_id_under_another_name_moves_it() {
        String old = registry().fresh("old");
        String renamed = registry().fresh("renamed");
        registry().register(json("{'ID':'%s','Name':'%s','Port':80}", old, old));
        registry().awaitInstance(old);

        registry().register(json("{'ID':'%s','Name':'%s','Port':80}", old, renamed));

        registry().awaitInstance(renamed);
        registry().awaitHealth(old, JsonNode::isEmpty);
    }

    @Test
    default void deregistering_takes_it_away_and_doing_it_again_does_no_harm() {
        String web = registry().fresh("web");
        registry().registerWithTtl(web, "passing");

        registry().deregister(web);

        registry().awaitHealth(web, JsonNode::isEmpty);
        assertThat(registry().read("/v1/agent/services").has(web)).isFalse();
        assertThat(registry().agentStatuses(web)).isEmpty();
        Reply again = registry().http().put("/v1/agent/service/deregister/" + web);
        // 404 from Consul 1.11 on
        assertThat(again.status()).isIn(200, 404);
        if (again.status() == 404) {
            assertThat(again.body()).contains("Unknown service ID \"" + web + "\"");
        }
    }

    @Test
    default void an_id_that_the_agent_does_not_know_is_404() {
        Reply reply = registry().http().get("/v1/agent/service/unknown");

        assertThat(reply.status()).isEqualTo(404);
        // the second from Consul 1.11 on
        assertThat(reply.body()).containsAnyOf("unknown service ID: unknown", "Unknown service ID \"unknown\"");
    }

    @ParameterizedTest
    @CsvSource({"a b,a%20b", "a:b,a%3Ab", "a:b,a:b", "a/b,a%2Fb", "a/b,a/b", "ä,%C3%A4"})
    default void ids_are_percent_decoded(String id, String inPath) {
        String web = registry().fresh("web");
        registry().register(json("{'ID':'%s-%s','Name':'%s','Port':80,'Check':{'TTL':'10m'}}", web, id, web));
        registry().awaitInstance(web);

        assertThat(registry()
                        .read("/v1/agent/service/" + web + "-" + inPath)
                        .get("ID")
                        .asText())
                .isEqualTo(web + "-" + id);
        registry().pass("service:" + web + "-" + inPath);
        registry().awaitStatus(web, "service:" + web + "-" + id, "passing");
        registry().deregister(web + "-" + inPath);
        registry().awaitHealth(web, JsonNode::isEmpty);
    }

    @Test
    default void null_fields_count_as_absent() {
        String web = registry().fresh("web");
        registry()
                .register(json(
                        "{'Name':'%s','Id':null,'Address':null,'Port':null,'Check':null,'Checks':null,'Tags':null,"
                                + "'Meta':null,'EnableTagOverride':null,'Weights':null}",
                        web));

        JsonNode service = registry().awaitInstance(web).get("Service");
        assertThat(service.get("ID").asText()).isEqualTo(web);
        assertThat(service.at("/Weights/Passing").asInt()).isEqualTo(1);
        assertThat(service.path("Tags")).isEmpty();
    }

    @Test
    default void field_names_may_be_of_any_case() {
        String web = registry().fresh("web");
        registry().register(json("{'NAME':'%s','id':'%s-1','pOrT':7,'tags':['x']}", web, web));

        JsonNode service = registry().awaitInstance(web).get("Service");
        assertThat(service.get("ID").asText()).isEqualTo(web + "-1");
        assertThat(service.get("Port").asInt()).isEqualTo(7);
        assertThat(service.at("/Tags/0").asText()).isEqualTo("x");
    }

    @Test
    default void field_names_may_be_in_snake_case() {
        String web = registry().fresh("web");
        registry()
                .register(json(
                        "{'name':'%s','enable_tag_override':true,'tagged_addresses':{'lan':{'address':'1.2.3.4','port':5}},"
                                + "'check':{'ttl':'10m','deregister_critical_service_after':'2m','tls_skip_verify':true}}",
                        web));

        JsonNode service = registry().awaitInstance(web).get("Service");
        assertThat(service.get("EnableTagOverride").asBoolean()).isTrue();
        assertThat(service.at("/TaggedAddresses/lan/Address").asText()).isEqualTo("1.2.3.4");
        assertThat(registry().agentStatuses(web)).containsKey("service:" + web);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            {                                                            | Request decode failed: unexpected EOF
            {'Name':''}                                                  | Missing service name
            {'Port':80}                                                  | Missing service name
            {'Name':'x','Port':'eighty'}                                 | Request decode failed
            {'Name':'x','Address':'0.0.0.0'}                             | Invalid service address
            {'Name':'x','Address':'::'}                                  | Invalid service address
            {'Name':'x','Weights':{'Passing':0,'Warning':1}}             | Passing must be greater than 0
            {'Name':'x','Check':{'TTL':'-1s'}}                           | TTL must be > 0
            {'Name':'x','Check':{'HTTP':'http://127.0.0.1/'}}            | Interval must be > 0
            {'Name':'x','Check':{'TCP':'127.0.0.1:80'}}                  | Interval must be > 0
            {'Name':'x','Check':{'TTL':'abc'}}                           | Request decode failed: time: invalid duration
            {'Name':'x','Check':{'TTL':'1m','Status':'fine'}}            | Status for checks must 'passing', 'warning', 'critical'
            {'Name':'x','Checks':[{'TTL':'1m'},{'TTL':'1m','Status':'fine'}]} | Status for checks must
            {'Name':'x','Meta':{'a key':'v'}}                            | Invalid Service Meta
            """)
    default void a_bad_registration_is_400_with_the_reason(String body, String reason) {
        Reply reply = registry().http().put("/v1/agent/service/register", body.replace('\'', '"'));

        assertThat(reply.status()).as(reply.body()).isEqualTo(400);
        assertThat(reply.body()).contains(reason);
        assertThat(reply.header("Content-Type")).startsWith("text/plain");
        assertThat(registry().read("/v1/agent/services").has("x")).isFalse();
    }

    @Test
    default void a_registration_without_a_body_is_400() {
        Reply reply = registry().http().put("/v1/agent/service/register");

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body()).contains("Request decode failed: EOF");
    }

    @Test
    default void checks_that_run_scripts_are_refused() {
        Reply reply = registry()
                .http()
                .put("/v1/agent/service/register", json("{'Name':'x','Check':{'Args':['true'],'Interval':'10s'}}"));

        // 500 in 1.8, 400 later
        assertThat(reply.status()).isIn(400, 500);
        assertThat(reply.body()).containsIgnoringCase("script");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST", "DELETE"})
    default void to_register_is_to_put(String method) {
        Reply reply = registry().http().send(method, "/v1/agent/service/register", null, Map.of());

        assertThat(reply.status()).isEqualTo(405);
        assertThat(reply.header("Allow")).contains("PUT");
        assertThat(reply.body()).isEqualTo("method " + method + " not allowed");
    }
}

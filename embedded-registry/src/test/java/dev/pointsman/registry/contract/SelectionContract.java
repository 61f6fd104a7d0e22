package dev.pointsman.registry.contract;

import static dev.pointsman.registry.contract.RegistryDriver.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pointsman.testkit.TestHttp.Reply;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code ?passing}, {@code ?tag} and {@code ?filter}: asking for some of the instances. */
interface SelectionContract {
    RegistryDriver registry();

    @ParameterizedTest
    @CsvSource({"passing,1", "passing=,1", "passing=1,1", "passing=true,1", "passing=0,3", "passing=false,3"})
    default void passing_leaves_out_warning_and_critical(String query, int expected) {
        String web = registry().fresh("web");
        for (String status : new String[] {"passing", "warning", "critical"}) {
            registry()
                    .register(json(
                            "{'ID':'%s-%s','Name':'%s','Check':{'TTL':'10m','Status':'%s'}}",
                            web, status, web, status));
        }
        registry().awaitHealth(web, list -> list.size() == 3);

        assertThat(registry().read("/v1/health/service/" + web + "?" + query)).hasSize(expected);
    }

    @Test
    default void passing_takes_a_service_without_checks_and_leaves_out_one_in_maintenance() {
        String web = registry().fresh("web");
        registry().register(json("{'Name':'%s'}", web));
        registry().awaitInstance(web);
        assertThat(registry().read("/v1/health/service/" + web + "?passing")).hasSize(1);

        registry().maintenance(web, true);

        registry().awaitStatus(web, "_service_maintenance:" + web, "critical");
        assertThat(registry().read("/v1/health/service/" + web + "?passing")).isEmpty();
    }

    @Test
    default void passing_is_a_boolean() {
        Reply reply = registry().http().get("/v1/health/service/any?passing=xyz");

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body()).contains("Invalid value for ?passing");
    }

    @ParameterizedTest
    @CsvSource({"tag=red,2", "tag=big,2", "tag=red&tag=big,1", "tag=none,0", "tag=RED,2"})
    default void tags_are_asked_for_one_and_all(String query, int expected) {
        String web = threeTagged();

        for (String path : new String[] {"/v1/health/service/", "/v1/catalog/service/"}) {
            assertThat(registry().read(path + web + "?" + query)).as(path).hasSize(expected);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Service.Port == 80                                   | 1
            Service.Port != 80                                   | 2
            "red" in Service.Tags                                | 2
            "red" not in Service.Tags                            | 1
            Service.Tags contains "red"                          | 2
            "red" in Service.Tags and "big" in Service.Tags      | 1
            "red" in Service.Tags or "big" in Service.Tags       | 3
            not "red" in Service.Tags                            | 1
            not ("red" in Service.Tags and Service.Port == 80)   | 2
            Service.Meta.zone == "north"                         | 1
            Service.Meta is empty                                | 2
            Service.Meta is not empty                            | 1
            Service.ID == "nobody"                               | 0
            Checks.Status == "critical"                          | 0
            """)
    default void a_filter_chooses_instances(String filter, int expected) {
        String web = threeTagged();

        assertThat(registry().read("/v1/health/service/" + web + "?filter=" + encoded(filter)))
                .hasSize(expected);
    }

    @Test
    default void a_filter_chooses_in_the_agent_and_the_catalog_by_their_own_field_names() {
        String web = threeTagged();

        JsonNode agents = registry().read("/v1/agent/services?filter=" + encoded("Service == \"" + web + "\""));
        assertThat(agents).hasSize(3);
        JsonNode catalogs = registry()
                .read("/v1/catalog/service/" + web + "?filter="
                        + encoded("\"red\" in ServiceTags and ServicePort == 80"));
        assertThat(catalogs).hasSize(1);
        assertThat(catalogs.at("/0/ServiceID").asText()).isEqualTo(web + "-1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nope==1", "Service.Port ==", "(("})
    default void a_filter_that_makes_no_sense_is_refused(String filter) {
        String web = threeTagged();

        Reply reply = registry().http().get("/v1/health/service/" + web + "?filter=" + encoded(filter));

        // 500 in 1.8, 400 later
        assertThat(reply.status()).isIn(400, 500);
        assertThat(reply.body()).contains("Failed to create boolean expression evaluator");
    }

    private String threeTagged() {
        String web = registry().fresh("web");
        registry()
                .register(json("{'ID':'%s-1','Name':'%s','Port':80,'Tags':['red'],'Meta':{'zone':'north'}}", web, web));
        registry().register(json("{'ID':'%s-2','Name':'%s','Port':81,'Tags':['red','big']}", web, web));
        registry().register(json("{'ID':'%s-3','Name':'%s','Port':82,'Tags':['big']}", web, web));
        registry().awaitHealth(web, list -> list.size() == 3);
        return web;
    }

    private static String encoded(String filter) {
        return URLEncoder.encode(filter, StandardCharsets.UTF_8);
    }
}

package dev.pointsman.registry.contract;

import static dev.pointsman.registry.contract.RegistryDriver.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.testkit.TestHttp.Reply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The parameters that ask for some of the instances: {@code ?passing} and {@code ?tag}. */
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

    private String threeTagged() {
        String web = registry().fresh("web");
        registry()
                .register(json("{'ID':'%s-1','Name':'%s','Port':80,'Tags':['red'],'Meta':{'zone':'north'}}", web, web));
        registry().register(json("{'ID':'%s-2','Name':'%s','Port':81,'Tags':['red','big']}", web, web));
        registry().register(json("{'ID':'%s-3','Name':'%s','Port':82,'Tags':['big']}", web, web));
        registry().awaitHealth(web, list -> list.size() == 3);
        return web;
    }
}

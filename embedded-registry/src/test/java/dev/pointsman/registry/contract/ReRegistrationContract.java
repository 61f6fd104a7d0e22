package dev.pointsman.registry.contract;

import static dev.pointsman.registry.contract.RegistryDriver.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of checks and of maintenance mode when an id that is known registers again. */
interface ReRegistrationContract {
    RegistryDriver registry();

    @ParameterizedTest
    @ValueSource(strings = {"passing", "warning", "critical"})
    default void a_check_keeps_its_status_whatever_the_new_registration_says(String saidNow) {
        String web = registry().fresh("web");
        registry().registerWithTtl(web, "passing");
        registry().fail("service:" + web);

        registry().register(json("{'Name':'%s','Port':80,'Check':{'TTL':'10m','Status':'%s'}}", web, saidNow));

        assertThat(registry().agentStatuses(web)).containsOnly(Map.entry("service:" + web, "critical"));
    }

    @Test
    default void a_check_keeps_passing_though_the_new_registration_says_nothing_of_a_status() {
        String web = registry().fresh("web");
        registry().registerWithTtl(web, "passing");

        registry().register(json("{'Name':'%s','Port':80,'Check':{'TTL':'10m'}}", web));

        assertThat(registry().agentStatuses(web)).containsEntry("service:" + web, "passing");
    }

    @Test
    default void checks_that_the_new_registration_does_not_name_stay() {
        String web = registry().fresh("web");
        registry().registerWithTtl(web, "passing");

        registry().register(json("{'Name':'%s','Port':80}", web));

        assertThat(registry().agentStatuses(web)).containsEntry("service:" + web, "passing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"?replace-existing-checks", "?replace-existing-checks=", "?replace-existing-checks=true"})
    default void checks_that_the_new_registration_does_not_name_go_when_it_replaces(String query) {
        String web = registry().fresh("web");
        registry().register(json("{'Name':'%s','Checks':[{'TTL':'10m'},{'TTL':'20m'}]}", web));
        assertThat(registry().agentStatuses(web)).containsOnlyKeys("service:" + web + ":1", "service:" + web + ":2");

        registry().register(json("{'Name':'%s','Check':{'TTL':'10m'}}", web), query);

        assertThat(registry().agentStatuses(web)).containsOnlyKeys("service:" + web);
    }

    @Test
    default void replacing_is_said_with_true_or_nothing_but_not_with_1() {
        String web = registry().fresh("web");
        registry().registerWithTtl(web, "passing");

        registry().register(json("{'Name':'%s','Port':80}", web), "?replace-existing-checks=1");

        assertThat(registry().agentStatuses(web)).containsOnlyKeys("service:" + web);
    }

    @Test
    default void a_check_keeps_its_status_also_when_one_of_the_same_id_replaces_it() {
        String web = registry().fresh("web");
        registry().registerWithTtl(web, "passing");
        registry().fail("service:" + web);

        registry()
                .register(
                        json("{'Name':'%s','Port':80,'Check':{'TTL':'10m','Status':'passing'}}", web),
                        "?replace-existing-checks");

        assertThat(registry().agentStatuses(web)).containsOnly(Map.entry("service:" + web, "critical"));
    }

    @Test
    default void maintenance_outlasts_a_new_registration() {
        String web = registry().fresh("web");
        registry().registerWithTtl(web, "passing");
        registry().maintenance(web, true);

        registry().register(json("{'Name':'%s','Port':80,'Check':{'TTL':'10m'}}", web));

        assertThat(registry().agentStatuses(web))
                .containsEntry("_service_maintenance:" + web, "critical")
                .containsEntry("service:" + web, "passing");
    }

    @Test
    default void maintenance_ends_with_a_new_registration_that_replaces_the_checks() {
        String web = registry().fresh("web");
        registry().registerWithTtl(web, "passing");
        registry().maintenance(web, true);

        registry().register(json("{'Name':'%s','Port':80,'Check':{'TTL':'10m'}}", web), "?replace-existing-checks");

        assertThat(registry().agentStatuses(web)).containsOnlyKeys("service:" + web);
    }

    @Test
    default void check_ids_are_made_from_the_services_id() {
        String web = registry().fresh("web");
        registry().register(json("{'ID':'%s-1','Name':'%s','Check':{'TTL':'10m'}}", web, web));
        assertThat(registry().agentStatuses(web + "-1")).containsOnlyKeys("service:" + web + "-1");

        String many = registry().fresh("many");
        registry()
                .register(json(
                        "{'ID':'%s-1','Name':'%s','Checks':[{'TTL':'10m'},{'CheckID':'own-%s','TTL':'10m'},{'TTL':'10m'}]}",
                        many, many, many));
        assertThat(registry().agentStatuses(many + "-1"))
                .containsOnlyKeys("service:" + many + "-1:1", "own-" + many, "service:" + many + "-1:3");
    }

    @Test
    default void a_check_without_a_name_is_named_after_its_service() {
        String web = registry().fresh("web");
        registry().registerWithTtl(web, "passing");

        assertThat(registry()
                        .read("/v1/agent/checks")
                        .at("/service:" + web + "/Name")
                        .asText())
                .isEqualTo("Service '" + web + "' check");
    }
}

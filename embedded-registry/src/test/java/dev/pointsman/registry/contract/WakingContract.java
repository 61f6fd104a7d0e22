package dev.pointsman.registry.contract;

import static dev.pointsman.registry.contract.RegistryDriver.json;
import static dev.pointsman.registry.contract.RegistryDriver.woken;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.testkit.TestHttp.Reply;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Which change ends which blocked query, and which must not. What is not asserted: a failing check and the catalog's list
 * of its service (Consul raises that list's index, but does not wake a query that waits already).
 */
interface WakingContract {
    RegistryDriver registry();

    /** What can happen around a service that has one instance (id = name, port 80, no tags, one TTL check, passing). */
    enum Change {
        ITS_CHECK_FAILS,
        IT_GETS_A_TAG,
        IT_MOVES_TO_ANOTHER_PORT,
        ITS_METADATA_CHANGE,
        IT_GETS_ANOTHER_CHECK,
        IT_GOES_INTO_MAINTENANCE,
        IT_LEAVES,
        ANOTHER_INSTANCE_COMES,
        ITS_NODE_GOES_INTO_MAINTENANCE,
        ITS_NODE_GETS_A_CHECK,

        IT_REGISTERS_AGAIN_AS_IT_IS,
        ITS_CHECK_PASSES_AGAIN,
        ANOTHER_SERVICE_COMES,
        ANOTHER_SERVICE_LEAVES,
        ANOTHER_SERVICES_CHECK_FAILS,
        A_KEY_IS_WRITTEN;

        void happen(RegistryDriver registry, String web, String other) {
            String ttl = "'Check':{'TTL':'10m','Status':'passing'}";
            switch (this) {
                case ITS_CHECK_FAILS -> registry.fail("service:" + web);
                case IT_GETS_A_TAG -> registry.register(json("{'Name':'%s','Port':80,'Tags':['t'],%s}", web, ttl));
                case IT_MOVES_TO_ANOTHER_PORT -> registry.register(json("{'Name':'%s','Port':81,%s}", web, ttl));
                case ITS_METADATA_CHANGE ->
                    registry.register(json("{'Name':'%s','Port':80,'Meta':{'k':'v'},%s}", web, ttl));
                case IT_GETS_ANOTHER_CHECK ->
                    registry.http()
                            .put(
                                    "/v1/agent/check/register",
                                    json("{'Name':'more-%s','ServiceID':'%s','TTL':'10m'}", web, web));
                case IT_GOES_INTO_MAINTENANCE -> registry.maintenance(web, true);
                case IT_LEAVES -> registry.deregister(web);
                case ANOTHER_INSTANCE_COMES -> registry.register(json("{'ID':'%s-2','Name':'%s','Port':82}", web, web));
                case ITS_NODE_GOES_INTO_MAINTENANCE -> registry.http().put("/v1/agent/maintenance?enable=true");
                case ITS_NODE_GETS_A_CHECK ->
                    registry.http()
                            .put(
                                    "/v1/agent/check/register",
                                    json("{'Name':'of-the-node','TTL':'10m','Status':'passing'}"));
                case IT_REGISTERS_AGAIN_AS_IT_IS -> registry.register(json("{'Name':'%s','Port':80,%s}", web, ttl));
                case ITS_CHECK_PASSES_AGAIN -> registry.pass("service:" + web);
                case ANOTHER_SERVICE_COMES -> registry.register(json("{'Name':'%s-b','Port':90}", other));
                case ANOTHER_SERVICE_LEAVES -> registry.deregister(other);
                case ANOTHER_SERVICES_CHECK_FAILS -> registry.fail("service:" + other);
                case A_KEY_IS_WRITTEN -> registry.http().put("/v1/kv/" + web, "v");
            }
        }

        /** What would reach into other tests. */
        void undo(RegistryDriver registry) {
            switch (this) {
                case ITS_NODE_GOES_INTO_MAINTENANCE -> registry.http().put("/v1/agent/maintenance?enable=false");
                case ITS_NODE_GETS_A_CHECK -> registry.http().put("/v1/agent/check/deregister/of-the-node");
                default -> {}
            }
        }
    }

    @ParameterizedTest
    @EnumSource(to = "ITS_NODE_GETS_A_CHECK")
    default void a_query_for_a_services_health_is_woken_when(Change change) {
        assertWoken("/v1/health/service/%s", change);
    }

    @ParameterizedTest
    @EnumSource(from = "IT_REGISTERS_AGAIN_AS_IT_IS")
    default void a_query_for_a_services_health_is_not_woken_when(Change change) {
        assertNotWoken("/v1/health/service/%s", change);
    }

    @ParameterizedTest
    @EnumSource(names = {"ITS_CHECK_FAILS", "IT_LEAVES"})
    default void a_query_for_passing_instances_is_woken_when(Change change) {
        assertWoken("/v1/health/service/%s?passing", change);
    }

    @ParameterizedTest
    @EnumSource(names = {"IT_GETS_A_TAG", "IT_MOVES_TO_ANOTHER_PORT", "IT_LEAVES", "ANOTHER_INSTANCE_COMES"})
    default void a_query_for_a_service_in_the_catalog_is_woken_when(Change change) {
        assertWoken("/v1/catalog/service/%s", change);
    }

    @ParameterizedTest
    @EnumSource(names = {"IT_REGISTERS_AGAIN_AS_IT_IS", "ANOTHER_SERVICE_COMES", "A_KEY_IS_WRITTEN"})
    default void a_query_for_a_service_in_the_catalog_is_not_woken_when(Change change) {
        assertNotWoken("/v1/catalog/service/%s", change);
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "IT_GETS_A_TAG",
                "IT_LEAVES",
                "ANOTHER_INSTANCE_COMES",
                "ANOTHER_SERVICE_COMES",
                "ANOTHER_SERVICE_LEAVES"
            })
    default void a_query_for_all_services_is_woken_when(Change change) {
        assertWoken("/v1/catalog/services", change);
    }

    @ParameterizedTest
    @EnumSource(names = {"ITS_CHECK_FAILS", "IT_REGISTERS_AGAIN_AS_IT_IS", "A_KEY_IS_WRITTEN"})
    default void a_query_for_all_services_is_not_woken_when(Change change) {
        assertNotWoken("/v1/catalog/services", change);
    }

    @ParameterizedTest
    @EnumSource(names = {"ITS_CHECK_FAILS", "IT_GETS_ANOTHER_CHECK", "IT_LEAVES", "ANOTHER_SERVICES_CHECK_FAILS"})
    default void a_query_for_all_checks_is_woken_when(Change change) {
        assertWoken("/v1/health/state/any", change);
    }

    @Test
    default void a_query_for_a_service_that_is_not_there_is_woken_when_it_comes() {
        String late = registry().fresh("late");
        Reply before = registry().http().get("/v1/health/service/" + late);
        assertThat(before.body().strip()).isEqualTo("[]");
        CompletableFuture<Reply> query = registry().block("/v1/health/service/" + late, before.index());

        registry().register(json("{'Name':'%s','Port':80}", late));

        Reply after = woken(query);
        assertThat(after.json()).hasSize(1);
        assertThat(after.index()).isGreaterThan(before.index());
    }

    @Test
    default void a_query_for_a_service_whose_last_instance_left_is_woken_when_it_comes_back() {
        String web = registry().fresh("web");
        registry().registerWithTtl(web, "passing");
        long there = registry().http().get("/v1/health/service/" + web).index();
        registry().deregister(web);
        Reply gone = woken(registry().block("/v1/health/service/" + web, there));
        assertThat(gone.json()).isEmpty();
        assertThat(gone.index()).isGreaterThan(there);

        CompletableFuture<Reply> query = registry().block("/v1/health/service/" + web, gone.index());
        registry().registerWithTtl(web, "passing");

        assertThat(woken(query).json()).hasSize(1);
    }

    private void assertWoken(String pathOfService, Change change) {
        String[] names = twoServices();
        String path = pathOfService.formatted(names[0]);
        long index = registry().http().get(path).index();
        CompletableFuture<Reply> query = registry().block(path, index);
        try {
            change.happen(registry(), names[0], names[1]);

            Reply reply = woken(query);
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.index()).isGreaterThan(index);
        } finally {
            change.undo(registry());
        }
    }

    private void assertNotWoken(String pathOfService, Change change) {
        String[] names = twoServices();
        String path = pathOfService.formatted(names[0]);
        Reply before = registry().http().get(path);
        CompletableFuture<Reply> query = registry().blockShortly(path, before.index());

        change.happen(registry(), names[0], names[1]);

        assertThat(registry().notWoken(query).index()).isEqualTo(before.index());
        assertThat(registry().http().get(path).index()).isEqualTo(before.index());
    }

    private String[] twoServices() {
        String web = registry().fresh("web");
        String other = registry().fresh("other");
        registry().registerWithTtl(web, "passing");
        registry().registerWithTtl(other, "passing");
        return new String[] {web, other};
    }
}
